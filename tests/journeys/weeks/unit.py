"""The unit that lives through random weeks: its house, its day, what is remembered of it, and how a step is counted and refused."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any, ClassVar, TypeVar

from hypothesis import note
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sqlalchemy import select

from lending.actions import admin
from lending.database import session
from lending.domain.access import Actor
from lending.domain.refusals import Refusal
from lending.domain.schedule import PaymentOrder
from lending.models import Loan, Meeting
from tests.domain.tables import MEKAAR
from tests.furnished import LENT_ON, House, a_uuid
from tests.journeys.weeks.memory import Memory

Opening = Callable[[], AbstractContextManager[House]]

Answer = tuple[bool, Mapping[str, Any]]
"""Of an act that may be sent twice: whether it was known already, and what it was answered."""


Act = TypeVar("Act", bound=Callable[..., None])


@dataclass(frozen=True)
class Step:
    """Something that may happen: so often among all that may, whenever this holds, with these things drawn."""

    name: str
    often: int
    when: Callable[[Any], Any]
    drawn: Mapping[str, st.SearchStrategy[Any]]


def step(often: int = 1, when: Callable[[Any], Any] = lambda _: True, **drawn: st.SearchStrategy[Any]) -> Callable[[Act], Act]:
    """Mark what may happen. (Hypothesis would choose among rules of its own with equal chances, and leave half of them out of each life:
    in the few lives of a normal run half a unit would stand still.)"""

    def marked(act: Act) -> Act:
        setattr(act, "step", Step(act.__name__, often, when, drawn))  # noqa: B010
        return act

    return marked


@cache
def steps(of: type[Any]) -> list[Step]:
    """All that may happen, in the order in which the rooms tell of it; what happens more often comes again behind all others."""
    found: list[Step] = [act.step for room in of.__mro__ for act in vars(room).values() if hasattr(act, "step")]
    return [one for again in range(max(one.often for one in found)) for one in found if one.often > again]


class Unit(RuleBasedStateMachine):
    """One unit from its first disbursement on. The rooms beside this one say what may happen in it, and what must hold after each step."""

    opening: Opening
    played: ClassVar[Counter[str]]
    refusals: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.closing = ExitStack()
        self.house = self.closing.enter_context(type(self).opening())
        self.today = LENT_ON
        self.memory = Memory.of(self.house)
        self.answers: list[tuple[Callable[[], Answer], Mapping[str, Any]]] = []
        self.officer_of = {self.house.melati: "officer", self.house.kenanga: "officer2"}
        self.sent = 0
        self.turn = 0

    @rule(data=st.data())
    def something_happens(self, data: st.DataObject) -> None:
        """One step, of those that may be taken."""
        may = [one for one in steps(type(self)) if one.when(self)]
        # Counted from the last one on: the plainest life of all, which Hypothesis plays first, goes through everything once.
        chosen = may[(self.turn + data.draw(st.integers(0, len(may) - 1), "further on")) % len(may)]
        self.turn += 1
        note(chosen.name)
        given = {what: data if isinstance(drawn, type(st.data())) else data.draw(drawn, what) for what, drawn in chosen.drawn.items()}
        self.played[chosen.name.replace("_", " ")] += 1
        getattr(self, chosen.name)(**given)

    def teardown(self) -> None:
        self.closing.close()

    @initialize()
    def products(self) -> None:
        """Two products beside those of the seed: every second week, and principal first."""
        fortnightly = replace(MEKAAR, code="DUA-MINGGU", weeks=(50,), every_weeks=2)
        principal_first = replace(MEKAAR, code="POKOK-DULU", coin=1_000, payment_order=PaymentOrder.PRINCIPAL_FIRST)
        for terms in (fortnightly, principal_first):
            admin.add_product(terms, self.today, self.person("admin"))

    def person(self, username: str) -> Actor:
        return self.house.person(username, self.today)

    def serving(self, group: int) -> Actor:
        """The officer of a group."""
        return self.person(self.officer_of[group])

    def group(self, kenanga: bool) -> int:
        return self.house.kenanga if kenanga else self.house.melati

    def next_uuid(self) -> str:
        self.sent += 1
        return a_uuid(50_000 + self.sent)

    def meetings(self, group: int, *, ahead: bool) -> list[tuple[int, int, date]]:
        """The group's meetings that lie ahead, or those until today, the nearest first: id, `seq`, day."""
        when = Meeting.planned_on > self.today if ahead else Meeting.planned_on <= self.today
        order = Meeting.planned_on if ahead else Meeting.planned_on.desc()
        question = select(Meeting.id, Meeting.seq, Meeting.planned_on).where(Meeting.group_id == group, when).order_by(order)
        return [(row[0], row[1], row[2]) for row in session.execute(question)]

    def once(self, act: Callable[[], Answer]) -> Mapping[str, Any]:
        """Do something that a phone may send twice, and remember how to send it again."""
        known, answer = act()
        assert not known
        self.answers.append((act, answer))
        return answer

    @contextmanager
    def maybe(self, *codes: str) -> Iterator[None]:
        """The block may be refused for one of these reasons, and for no other."""
        try:
            yield
        except Refusal as no:
            if no.code not in codes:
                raise
            self.refusals[no.code] += 1

    def tried(self, reasons: set[str], act: Callable[[], Any]) -> bool:
        """Do it: refused for one of these reasons if there is any, and kept if there is none. Whether it was kept."""
        try:
            act()
        except Refusal as no:
            if no.code not in reasons:
                raise AssertionError(f"refused: {no.code}; there was reason for {sorted(reasons) or 'nothing'}") from no
            self.refusals[no.code] += 1
            return False
        assert not reasons, f"kept, though there was reason for {sorted(reasons)}"
        return True

    def state_of(self, loan_id: int) -> str:
        return str(session.scalar(select(Loan.state).where(Loan.id == loan_id)))
