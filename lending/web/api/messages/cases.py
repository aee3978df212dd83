"""Late loans as work to do: what comes next, and what was done."""

from datetime import date, datetime

from msgspec import UNSET, field

from lending.domain.arrears import QualityClass
from lending.domain.cases import AsideReason, CaseStep, ContactMeans, ContactOutcome, IncidentKind
from lending.domain.collection import ShortReason
from lending.domain.next_action import NextAction
from lending.queries.cases import Urgency
from lending.web.api.messages.fields import Amount, Answer, AsOf, Body, Code, Day, Flag, Id, Maybe, Name, Note, Uuid, Words


class CasesAsked(AsOf, frozen=True, kw_only=True):
    """Whose: one officer's, one group's, of one kelurahan; with one reason, class, lateness or next step; with these words in her name or
    number; those set aside instead. The auditor may choose a unit.

    `late`: `broken` promises, or weeks from `1` (the first), `2` (to 4), `5` (to 8), `9` (and more).
    """

    officer: Maybe[Name] = UNSET
    group: Maybe[Id] = UNSET
    kelurahan: Maybe[Name] = UNSET
    reason: Maybe[ShortReason] = UNSET
    quality: Maybe[QualityClass] = field(name="class", default=UNSET)
    late: Maybe[Urgency] = UNSET
    q: Maybe[Words] = UNSET
    next_action: Maybe[NextAction] = field(name="next", default=UNSET)
    aside: Flag = False
    unit: Maybe[Code] = UNSET


class Promise(Answer, frozen=True, kw_only=True):
    """What she said last, at a meeting or to whoever asked; without an amount all that is late. `broken`: its day is over, unkept."""

    promise_on: date
    made_on: date
    amount: Amount | None
    broken: bool


class Next(Answer, frozen=True, kw_only=True):
    """The one thing to do next, and the rule that says so."""

    action: NextAction
    why: str


class CaseListed(Answer, frozen=True, kw_only=True):
    """A late loan with what is known of it. `since`: the first evening that found it late; `officer`: whose case it is."""

    loan: Id
    member: Id
    name: str
    number: str
    group: Id
    group_name: str
    officer: str | None
    assigned: bool
    since: date
    days_late: int
    weeks_late: int
    quality: QualityClass = field(name="class")
    overdue: Amount
    outstanding_principal: Amount
    oldest_due: date
    reason: str | None
    promise: Promise | None
    contacted_on: date | None
    visited_on: date | None
    waits_for_head: bool
    aside: AsideReason | None
    next_action: Next = field(name="next")


class ContactDay(Answer, frozen=True, kw_only=True):
    """A day on which she may be called, and within which whole hours on the wall of the unit."""

    on: date
    first_hour: int
    last_hour: int


class Greeting(Answer, frozen=True, kw_only=True):
    """Until which hour one greets so."""

    until_hour: int
    part: str


class CaseSaid(Answer, frozen=True, kw_only=True):
    """In the language that was asked for: the next action and why, and the reason she gave last."""

    next_action: str = field(name="next")
    why: str
    reason: str | None


class CaseToGo(Answer, frozen=True, kw_only=True):
    """A late loan as an officer takes it with her: her name and telephone, no number of a register, no address.

    `said` are the codes in words; `text` what she reads on WhatsApp, with `{part}` where the greeting of the hour goes.
    """

    loan: Id
    member: Id
    name: str
    group: Id
    group_name: str
    phone: str | None
    days_late: int
    weeks_late: int
    quality: QualityClass = field(name="class")
    overdue: Amount
    oldest_due: date
    promise: Promise | None
    contacted_on: date | None
    next_action: Next = field(name="next")
    said: CaseSaid
    text: str


class ToGo(Answer, frozen=True, kw_only=True):
    """Her cases in the order of the worklist, and when the women may be spoken to in the coming days."""

    on: date
    zone: str
    contact: list[ContactDay]
    greetings: list[Greeting]
    items: list[CaseToGo]


class StepListed(Answer, frozen=True, kw_only=True):
    """Something that was done about it."""

    id: Uuid
    step: CaseStep
    on: date
    recorded_at: datetime
    by: str
    means: ContactMeans | None
    outcome: ContactOutcome | None
    promise_on: date | None
    amount: Amount | None
    member: Id | None
    kind: IncidentKind | None
    why: AsideReason | None
    officer: str | None
    note: str | None


class Case(CaseListed, frozen=True, kw_only=True):
    """One of them, with what was done in this spell of lateness, oldest first."""

    steps: list[StepListed]


class NewStep(Body, frozen=True, kw_only=True):
    """What every step has: the program's own id, and the day; today where none is said."""

    id: Uuid
    on: Maybe[Day] = UNSET


class NewContact(NewStep, frozen=True, kw_only=True):
    """Somebody spoke to her, or tried to."""

    means: ContactMeans
    outcome: ContactOutcome
    note: Maybe[Note] = UNSET


class NewPromise(NewStep, frozen=True, kw_only=True):
    """By which day she pays, and how much: without an amount all that is late."""

    promise_on: Day
    amount: Maybe[Amount] = UNSET


class NewRenteng(NewStep, frozen=True, kw_only=True):
    """A woman of her group says that she will pay so much for her."""

    member: Id
    amount: Amount
    note: Maybe[Words] = UNSET


class NewIncident(NewStep, frozen=True, kw_only=True):
    """What happened that the head must know."""

    kind: IncidentKind
    note: Note


class NewReason(NewStep, frozen=True, kw_only=True):
    """A step that needs its reason and nothing else."""

    reason: Words


class NewAside(NewReason, frozen=True, kw_only=True):
    """Why nobody asks her for money for now."""

    why: AsideReason


class NewAssignment(NewStep, frozen=True, kw_only=True):
    """To which officer of the unit."""

    officer: Name
    note: Maybe[Words] = UNSET


class StepKept(Answer, frozen=True, kw_only=True):
    """The step is kept; `replay` when it had been before."""

    id: Uuid
    loan: Id
    step: CaseStep
    on: date
    replay: bool
