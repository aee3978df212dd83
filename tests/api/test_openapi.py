"""The description is true: whatever it allows is never a wrong shape, and no answer is one that it does not know.

One thing JSON Schema cannot say is that an integer must not be written `5.0`; the description says it in words, and here such bodies are
left out where a shape that fits is expected to be taken.
"""

import json
from contextvars import Context
from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase
from schemathesis import APIOperation, Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks

from lending.domain.access import PERMISSIONS, Role
from lending.web.api import COLUMNS, openapi
from lending.web.api.door import Call, Guard
from tests.api.conftest import Village

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_headers_conformance,
    checks.response_schema_conformance,
]
BOUNDED = hypothesis.settings(
    max_examples=4,
    deadline=None,
    derandomize=True,
    database=None,
    phases=(Phase.generate,),
    suppress_health_check=list(HealthCheck),
)
ROLES = (Role.OFFICER, Role.HEAD, Role.CASHIER, Role.ADMIN, Role.AUDITOR)


def who_may(call: Call) -> Role:
    """The first role that may do this, so that it is its body that is judged and not the person."""
    if isinstance(call.needs, Guard):
        return Role.OFFICER
    needs = call.needs if isinstance(call.needs, tuple) else (call.needs,)
    return next(role for role in ROLES if PERMISSIONS[role] & set(needs))


def has_whole_float(part: Any) -> bool:
    if isinstance(part, dict):
        return any(has_whole_float(value) for value in part.values())
    if isinstance(part, list):
        return any(has_whole_float(value) for value in part)
    return isinstance(part, float) and part.is_integer()


def knock(operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, headers: dict[str, str]) -> None:
    """A few requests that fit the description, or that do not, each judged by its answer."""

    @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
    @BOUNDED
    def once(case: Case[Any]) -> None:
        answer = case.call(headers=headers)
        case.validate_response(answer, checks=CHECKS)
        if mode is GenerationMode.POSITIVE and not has_whole_float(case.body):
            assert answer.status_code != 400, (case.as_curl_command(), answer.text)

    try:
        once()
    except hypothesis.errors.Unsatisfiable:
        pass  # a call without anything that could be wrong about it


@pytest.mark.slow
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_call_answers_what_its_description_does_not_know(village: Village) -> None:
    village.loan(village.members[0])
    tokens = {role: village[role.value].token for role in ROLES}
    calls = {(call.path, call.method.lower()): call for column in COLUMNS for call in column.calls}

    def from_outside(environ: Any, start_response: Any) -> Any:
        # A context of its own for each request, or all would share one session and one signed-in person.
        return Context().run(village.house.app, environ, start_response)

    schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", from_outside)
    tried = set()
    for found in schema.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]
        call = calls.get((operation.path, operation.method))
        if call is None:
            continue  # the twins of lists, and the description itself
        tried.add((operation.path, operation.method))
        headers = {"Authorization": f"Bearer {tokens[who_may(call)]}"}
        for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
            knock(operation, mode, headers)
    assert tried == set(calls)


def test_the_description_names_every_call_once_and_every_message_by_what_it_is() -> None:
    document = json.loads(json.dumps(openapi.describe(COLUMNS)))
    calls = [call for column in COLUMNS for call in column.calls]
    assert len({(call.path, call.method) for call in calls}) == len(calls)
    names = [operation["operationId"] for methods in document["paths"].values() for operation in methods.values()]
    assert len(names) == len(set(names))
    for path, methods in document["paths"].items():
        assert not path.startswith("/api"), path
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            assert {"400", "401", "403", "404", "422", "429", "503"} <= set(operation["responses"]), (path, method)
    for call in calls:
        if call.body is not None:
            reference = document["paths"][call.path][call.method.lower()]["requestBody"]["content"]["application/json"]["schema"]
            body = document["components"]["schemas"][reference["$ref"].rsplit("/", 1)[-1]]
            assert body["additionalProperties"] is False, call.path


def test_the_calls_of_the_contract_are_there() -> None:
    found = {f"{call.method} {call.path}" for column in COLUMNS for call in column.calls}
    wanted = """
        GET /me · POST /quote · GET /products · GET /holidays · GET /regions · POST /units · POST /users · POST /products · POST /holidays
        POST /cash/transfers · GET /groups · POST /groups · GET /groups/{id} · GET /groups/{id}/members · GET /groups/{id}/calendar
        POST /groups/{id}/move · POST /groups/{id}/moves/{move}/undo · POST /groups/{id}/members · POST /groups/{id}/leader
        POST /groups/{id}/officer · POST /groups/{id}/mentor · GET /members/{id} · POST /members/search · POST /members/{id}/consents
        POST /members/{id}/eligibility · POST /members/{id}/training · POST /members/{id}/nik · GET /loans · POST /loans · GET /loans/{id}
        POST /loans/{id}/recommend · POST /loans/{id}/verifier · POST /loans/{id}/verify · POST /loans/{id}/approve
        POST /loans/{id}/reject · POST /loans/{id}/cancel · POST /loans/{id}/disburse · GET /meetings · GET /meetings/{id}/sheet
        PUT /records/{uuid} · GET /records/{uuid} · POST /records/{uuid}/undo · GET /topics · PUT /visits/{uuid} · GET /visits
        GET /visits/{uuid} · GET /actions · GET /arrears · GET /portfolio · GET /journal · GET /trial-balance · GET /cards/{loan}.pdf
        GET /groups/{id}/cards.pdf · POST /loans/{id}/check-code/revoke · GET /audit
        PATCH /users/{name} · POST /users/{name}/reset · POST /users/{name}/end-sessions · POST /tokens · DELETE /tokens/{id}
        POST /users/{name}/reassign
    """
    assert found >= {call.strip() for call in wanted.replace("\n", "·").split("·") if call.strip()}
