"""The women: enrolled, asked for consent, visited, trained, found again. A NIK goes in and never comes out but once, with a reason."""

from datetime import date
from typing import Annotated

from msgspec import UNSET, Meta

from lending.domain.ledger import Account, EntryKind
from lending.web.api.messages.fields import (
    Amount,
    Answer,
    Body,
    Code,
    Count,
    Day,
    Id,
    Maybe,
    Name,
    Note,
    Question,
    Short,
    Signed,
    Typed,
    Warned,
    Words,
)


class NewMember(Body, frozen=True, kw_only=True):
    """A woman who joins. `nik`, `kk` and `phone` may hold blanks, dots and dashes; `kelurahan` is a code."""

    name: Name
    nik: Typed
    birth_date: Day
    address: Words
    rt: Short
    rw: Short
    kelurahan: Typed
    consents: list[Typed]
    kk: Maybe[Typed] = UNSET
    phone: Maybe[Typed] = UNSET
    sub_group: Maybe[Count] = UNSET
    joined_on: Maybe[Day] = UNSET


class MembersAsked(Question, frozen=True, kw_only=True):
    """Of which group; of all of hers when left out."""

    group: Maybe[Id] = UNSET


class MemberListed(Answer, frozen=True, kw_only=True):
    """A woman of a group today, and the purposes she agrees to."""

    id: Id
    number: str
    name: str
    group: Id
    sub_group: int | None
    consents: list[str]


class Member(Answer, frozen=True, kw_only=True):
    """A woman as of a day; `nik` and `kk` show their last four digits; `consents` are the purposes she agreed to."""

    id: Id
    number: str
    name: str
    nik: str
    kk: str | None
    birth_date: date
    phone: str | None
    address: str
    rt: str
    rw: str
    kelurahan: str
    group: Id | None
    sub_group: int | None
    role: str | None
    officer: str | None
    joined_on: date | None
    left_on: date | None
    state: str
    consents: list[str]
    loans: list[Id]
    savings: Amount
    upj: Amount
    warnings: list[Warned]


class Movement(Answer, frozen=True, kw_only=True):
    """One movement of what is hers: more, or less where `amount` is negative; `balance` is what she had after it."""

    account: Account
    on: date
    kind: EntryKind
    amount: Signed
    balance: Amount
    receipt: str | None
    reason: str | None
    by: str
    entry: Id


class Book(Answer, frozen=True, kw_only=True):
    """Her savings, then her UPJ, each oldest first."""

    member: Id
    savings: Amount
    upj: Amount
    movements: list[Movement]


class Wanted(Body, frozen=True, kw_only=True):
    """Whom to look for: part of a name, a whole number, a whole NIK."""

    name: Maybe[Annotated[str, Meta(max_length=60)]] = UNSET
    number: Maybe[Code] = UNSET
    nik: Maybe[Typed] = UNSET


class Found(Answer, frozen=True, kw_only=True):
    """A woman who was looked for."""

    id: Id
    number: str
    name: str
    group: Id | None
    kelurahan: str


class NewConsent(Body, frozen=True, kw_only=True):
    """What she agrees to, or takes back, on a day."""

    purpose: Typed
    given: bool
    on: Day


class ConsentKept(Answer, frozen=True, kw_only=True):
    """The purposes she agrees to now."""

    member: Id
    consents: list[str]


class NewEligibility(Body, frozen=True, kw_only=True):
    """What was found at her home; `house_index` 0 to 20, low is poor; `passed` is the officer's own finding."""

    on: Day
    household_size: Count
    income_per_month: Amount
    house_index: Count
    passed: bool
    other_debt_weekly: Maybe[Amount] = UNSET
    note: Maybe[Note] = UNSET


class EligibilityKept(Answer, frozen=True, kw_only=True):
    """The finding as it was kept, and until when it holds."""

    member: Id
    on: date
    passed: bool
    valid_until: date
    warnings: list[Warned]


class NewTraining(Body, frozen=True, kw_only=True):
    """Days on which she was trained; they are added to earlier ones."""

    days: list[Day]


class TrainingKept(Answer, frozen=True, kw_only=True):
    """All days on which she was trained; five are needed before a first loan."""

    member: Id
    days: list[date]
    complete: bool


class Leaving(Body, frozen=True, kw_only=True):
    """She leaves her group; `on` is the first day on which she is not of it any more."""

    on: Day
    reason: Words


class NikAsked(Body, frozen=True, kw_only=True):
    """Why somebody must see the whole number."""

    reason: Words


class NikShown(Answer, frozen=True, kw_only=True):
    """The whole number, once; this was written down."""

    member: Id
    nik: str
