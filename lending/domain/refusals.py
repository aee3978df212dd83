"""How the house says no: one exception, named by a stable code that people and programs can rely on.

A refusal is an answer, not a fault. The code is the contract (`/problems/CODE`); the sentence, in Indonesian or English, stands in
`lending/i18n/words.py` and is filled with `facts`. A bug is any other exception, and we let it rise.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class FieldFault:
    """One field to blame: where it stands (`lines.3.paid`), what is wrong with it, and what the sentence needs to know."""

    at: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """An act that the rules do not allow. Nothing of it stays behind.

    `status` is the answer's HTTP status; `at` the field to blame, if one is; `faults` several of them at once; `facts` fill the sentence.
    """

    status = 422

    def __init__(
        self, code: str, *, at: str | None = None, status: int | None = None, faults: Sequence[FieldFault] = (), **facts: Any
    ) -> None:
        super().__init__(code)
        self.code = code
        self.facts: dict[str, Any] = facts
        if status is not None:
            self.status = status
        self.faults: tuple[FieldFault, ...] = tuple(faults) or ((FieldFault(at, code, facts),) if at else ())

    def under(self, place: str) -> "Refusal":
        """The same refusal, with every field named from one level higher: `paid` becomes `lines.3.paid`."""
        moved = tuple(FieldFault(f"{place}.{fault.at}", fault.code, fault.facts) for fault in self.faults)
        return type(self)(self.code, status=self.status, faults=moved, **self.facts)


@dataclass(frozen=True)
class Warned:
    """Something doubtful that was accepted all the same: at which field, what (a stable code), and what the sentence needs to know."""

    at: str
    code: str
    facts: Mapping[str, Any] = field(default_factory=dict)


class Gathered:
    """Checks of several fields, so that a form is sent back once with all its faults: `with faults: name = check_name(text)`.

    Keeps refusals of one field (422); every other one passes through. `refuse()` raises what was kept, under the first one's code.
    """

    def __init__(self) -> None:
        self._kept: list[Refusal] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, refusal: BaseException | None, trace: TracebackType | None) -> bool:
        if isinstance(refusal, Refusal) and refusal.status == Refusal.status and refusal.faults:
            self._kept.append(refusal)
            return True
        return False

    def refuse(self) -> None:
        """Raise all that was kept as one refusal, if anything was."""
        if self._kept:
            first = self._kept[0]
            raise Refusal(first.code, faults=[fault for refusal in self._kept for fault in refusal.faults], **first.facts)


class NotSignedIn(Refusal):
    """Nobody is signed in, or the session or token is dead."""

    status = 401


class NotAllowed(Refusal):
    """She is known, and may not do this."""

    status = 403


class NotFound(Refusal):
    """Not there, or not hers: one answer for both, so that nothing can be guessed."""

    status = 404

    def __init__(self, code: str = "not_found", **rest: Any) -> None:
        super().__init__(code, **rest)


class Conflict(Refusal):
    """Already otherwise: recorded, taken, decided, undone."""

    status = 409


class Busy(Refusal):
    """The database stayed locked for ten seconds; nothing was stored, and sending again is safe."""

    status = 503

    def __init__(self, code: str = "busy", **rest: Any) -> None:
        super().__init__(code, **rest)
