"""Draws docs/loan_states.md from the state table: `python -m tests.house.loan_states` writes it, a test compares."""

from lending.domain.access import PERMISSIONS, Permission, Role
from lending.domain.lifecycle import STEPS, LoanState
from tests.house.source import ROOT

PAGE = ROOT / "docs" / "loan_states.md"


def drawn() -> str:
    """The page: a picture and the steps."""
    sources = {source for step in STEPS.values() for source in step.sources}
    first = [state for state in LoanState if state in sources and all(state is not step.target for step in STEPS.values())]
    last = [state for state in LoanState if state not in sources or state is LoanState.REPAID]
    picture = [f"    [*] --> {state}" for state in first]
    for name, step in STEPS.items():
        picture += [f"    {source} --> {step.target}: {name}" for source in LoanState if source in step.sources]
    picture += [f"    {state} --> [*]" for state in last]
    steps = [
        f"| `{name}` | {', '.join(f'`{source}`' for source in LoanState if source in step.sources)} | `{step.target}` "
        f"| {_who(step.permission)} | {'yes' if step.by_another else ''} |"
        for name, step in STEPS.items()
    ]
    return "\n".join(
        [
            "# The life of a loan",
            "",
            "Drawn from `lending/domain/lifecycle.py` by `python -m tests.house.loan_states`; change the table there, not this page.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *picture,
            "```",
            "",
            "| Step | From | To | Who may ever do it | Never the one who applied |",
            "|---|---|---|---|---|",
            *steps,
            "",
            "`repay`, `reopen` and `resume` are nobody's decision: they follow from the books, when the last rupiah is paid, or",
            "its payment reversed and the loan runs again as it ran before.",
            "",
        ]
    )


def _who(permission: Permission | None) -> str:
    return "the books" if permission is None else ", ".join(f"{role}" for role in Role if permission in PERMISSIONS[role])


if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(drawn(), encoding="utf-8")
