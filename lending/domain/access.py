"""Who may do what: the roles, the permissions, and the person who acts.

A permission says that a role may ever do a thing (403 otherwise). *Which* rows are hers is the scope, asked where the rows are found (404
otherwise), and maker ≠ checker is a rule of the act itself. Source: api-detail part 2 *Who may*, parts 3 and 4 *Settled*.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from lending.domain.refusals import NotAllowed


class Role(StrEnum):
    """One role a user; the words are the contract's."""

    OFFICER = "officer"
    MENTOR = "mentor"
    LEADER = "leader"
    HEAD = "head"
    CASHIER = "cashier"
    AUDITOR = "auditor"
    CITY = "city"
    ADMIN = "admin"


class Scope(StrEnum):
    """How much of what its person may do a program's token may."""

    READ = "read"
    """Ask, and change nothing."""
    WRITE = "write"
    """All of it."""


class Permission(StrEnum):
    """Each thing that someone may do; named `column:verb`."""

    SEE_GROUPS = "groups:see"
    """See groups, their members' names and calendar."""
    MANAGE_GROUPS = "groups:manage"
    """Form a group, name its leader."""
    ASSIGN_STAFF = "groups:assign"
    """Give a group another officer or mentor."""
    MOVE_MEETINGS = "groups:move"
    """Move a meeting; the officer one meeting by a few days, the head any."""
    SEE_MEMBERS = "members:see"
    """See a member's record, numbers masked."""
    MANAGE_MEMBERS = "members:manage"
    """Enrol a member; record eligibility, training, consents."""
    RELEASE_MEMBERS = "members:release"
    """Let a member leave her group."""
    SEARCH_MEMBERS = "members:search"
    """Search members by name, number or NIK, in one's own scope."""
    SHOW_NIK = "members:nik"
    """See one NIK in full, once, with a reason, written down."""
    SEE_LOANS = "loans:see"
    APPLY_FOR_LOAN = "loans:apply"
    """Propose a loan, record the group's recommendation, cancel before approval."""
    VERIFY_LOAN = "loans:verify"
    DECIDE_LOAN = "loans:decide"
    """Approve, reject, name a verifier."""
    DISBURSE_LOAN = "loans:disburse"
    IMPORT = "admin:import"
    """Bring groups, members and running loans from a workbook into her unit."""
    RESTRUCTURE_LOAN = "loans:restructure"
    """Put what is left of a loan on new days."""
    SETTLE_LOAN = "loans:settle"
    """Receive all that is left of a loan at once, less a rebate."""
    END_LOAN = "loans:end"
    """Write a loan off; record that its member has died."""
    RECOVER = "loans:recover"
    """Receive what still comes on a loan that has ended: recoveries, an insurer's payment."""
    QUOTE = "loans:quote"
    """Ask what a loan would cost."""
    SEE_SHEETS = "collection:see"
    """See meetings and the sheet of one."""
    RECORD_MEETINGS = "collection:record"
    """Record a meeting, undo it on the day it was kept."""
    UNDO_LATE = "collection:undo_late"
    """Undo a meeting kept on an earlier day."""
    SEE_RECORDS = "collection:records"
    TRANSFER_CASH = "cash:transfer"
    """Move cash between vault, bank and head office."""
    DECLARE_CASH = "cash:declare"
    """Say what cash one carries to the cashier, and see what became of it."""
    RECEIVE_CASH = "cash:receive"
    """Count and receive an officer's cash."""
    MOVE_SAVINGS = "cash:savings"
    """Take savings in at the unit, and pay them out."""
    RELEASE_UPJ = "cash:upj"
    """Give a member's UPJ back, or put it into her savings."""
    SEE_BOOKS = "books:see"
    """Journal and trial balance."""
    CLOSE_DAY = "books:close"
    """Count the vault and close a day of the books."""
    SEE_ARREARS = "arrears:see"
    SET_WARNINGS = "warnings:set"
    """Change from which numbers on an early warning is given."""
    WORK_CASES = "arrears:work"
    """Write down what is done about a late loan."""
    DECIDE_CASES = "arrears:decide"
    """Give a case to an officer, answer a proposal, take up again what was set aside."""
    SEE_PORTFOLIO = "portfolio:see"
    SEE_REACH = "portfolio:reach"
    """The portfolio by kelurahan only, small cells hidden."""
    SEE_UNIT_TOTALS = "portfolio:units"
    """The portfolio by unit only."""
    SEE_REPORTS = "reports:see"
    """Ask for reports; which ones and laid out how, each says itself."""
    SCHEDULE_REPORTS = "reports:schedule"
    """Let reports go out by themselves: a head those of her unit, head office those that compare units."""
    SEE_CARDS = "cards:see"
    LOG_VISITS = "mentoring:log"
    SEE_VISITS = "mentoring:see"
    SEE_REFERENCE = "admin:reference"
    """Products, holidays, regions: what everybody signed in may look up."""
    MANAGE_ADMIN = "admin:manage"
    """Units, users, products, holidays."""
    SEE_AUDIT = "admin:audit"
    RUN_NIGHT = "admin:run_night"
    """Let the night be run again."""
    SEE_OPERATIONS = "admin:operations"
    """The nightly runs and their results."""


_EVERYBODY = frozenset({Permission.SEE_REFERENCE})

_P = Permission
PERMISSIONS: Mapping[Role, frozenset[Permission]] = {
    Role.OFFICER: _EVERYBODY
    | {
        *(_P.SEE_GROUPS, _P.MANAGE_GROUPS, _P.MOVE_MEETINGS, _P.SEE_MEMBERS, _P.MANAGE_MEMBERS, _P.SEARCH_MEMBERS, _P.SHOW_NIK),
        *(_P.SEE_LOANS, _P.APPLY_FOR_LOAN, _P.VERIFY_LOAN, _P.QUOTE, _P.SEE_SHEETS, _P.RECORD_MEETINGS, _P.SEE_RECORDS),
        *(_P.SEE_ARREARS, _P.SEE_PORTFOLIO, _P.SEE_CARDS, _P.LOG_VISITS, _P.SEE_VISITS, _P.SEE_REPORTS),
        *(_P.WORK_CASES, _P.DECLARE_CASH),
    },
    Role.MENTOR: _EVERYBODY | {_P.SEE_GROUPS, _P.SEE_MEMBERS, _P.SEE_SHEETS, _P.QUOTE, _P.LOG_VISITS, _P.SEE_VISITS},
    Role.LEADER: frozenset({_P.SEE_GROUPS, _P.SEE_SHEETS, _P.SEE_CARDS}),
    Role.HEAD: _EVERYBODY
    | {
        *(_P.SEE_GROUPS, _P.MANAGE_GROUPS, _P.ASSIGN_STAFF, _P.MOVE_MEETINGS, _P.SEE_MEMBERS, _P.MANAGE_MEMBERS, _P.SEARCH_MEMBERS),
        *(_P.RELEASE_MEMBERS, _P.SHOW_NIK, _P.SEE_LOANS, _P.VERIFY_LOAN, _P.DECIDE_LOAN, _P.DISBURSE_LOAN, _P.QUOTE, _P.SEE_SHEETS),
        *(_P.SEE_RECORDS, _P.UNDO_LATE, _P.SEE_BOOKS, _P.SEE_ARREARS, _P.SEE_PORTFOLIO, _P.SEE_CARDS, _P.SEE_VISITS, _P.SEE_AUDIT),
        *(_P.SEE_OPERATIONS, _P.SEE_REPORTS, _P.CLOSE_DAY, _P.SETTLE_LOAN, _P.END_LOAN, _P.RECOVER, _P.MOVE_SAVINGS),
        *(_P.SET_WARNINGS, _P.RESTRUCTURE_LOAN, _P.IMPORT, _P.WORK_CASES, _P.DECIDE_CASES, _P.RUN_NIGHT),
        _P.SCHEDULE_REPORTS,
    },
    Role.CASHIER: _EVERYBODY
    | {
        *(_P.SEE_GROUPS, _P.SEE_MEMBERS, _P.SEARCH_MEMBERS, _P.SEE_LOANS, _P.DISBURSE_LOAN, _P.QUOTE, _P.SEE_SHEETS, _P.SEE_RECORDS),
        *(_P.TRANSFER_CASH, _P.RECEIVE_CASH, _P.SEE_BOOKS, _P.SEE_CARDS, _P.SEE_REPORTS),
        *(_P.SETTLE_LOAN, _P.RECOVER, _P.MOVE_SAVINGS, _P.RELEASE_UPJ),
    },
    Role.AUDITOR: _EVERYBODY
    | {
        *(_P.SEE_GROUPS, _P.SEE_MEMBERS, _P.SEARCH_MEMBERS, _P.SHOW_NIK, _P.SEE_LOANS, _P.QUOTE, _P.SEE_SHEETS, _P.SEE_RECORDS),
        *(_P.SEE_BOOKS, _P.SEE_ARREARS, _P.SEE_PORTFOLIO, _P.SEE_CARDS, _P.SEE_VISITS, _P.SEE_AUDIT, _P.SEE_OPERATIONS),
        _P.SEE_REPORTS,
    },
    Role.CITY: _EVERYBODY | {_P.SEE_REACH},
    Role.ADMIN: _EVERYBODY
    | {_P.MANAGE_ADMIN, _P.SEE_UNIT_TOTALS, _P.SEE_REPORTS, _P.SCHEDULE_REPORTS, _P.SEE_OPERATIONS, _P.RUN_NIGHT, _P.QUOTE},
}
"""Which role may do what. A permission that is not here is held by nobody."""


@dataclass(frozen=True)
class Actor:
    """The person (or the clock) who does something, as she stands at this moment; every act takes one as `by`.

    `today` is the business date in her unit's zone; `unit_id` is None for people of head office; `member_id` only for a leader. `came_from`
    and `request` say from which address and by which request she acts, for the trace; None at the terminal and for the clock.
    """

    user_id: int
    username: str
    name: str
    role: Role
    unit_id: int | None
    unit_code: str | None
    zone: str
    today: date
    member_id: int | None = None
    came_from: str | None = None
    request: str | None = None

    def may(self, permission: Permission) -> bool:
        """Whether her role may ever do this: for templates, which show a button by the same rule that guards its route."""
        return permission in PERMISSIONS[self.role]

    def require(self, permission: Permission) -> None:
        """Refuse (`not_allowed`, 403) unless her role may do this."""
        if not self.may(permission):
            raise NotAllowed("not_allowed", role=self.role.value)

    @property
    def reads_every_unit(self) -> bool:
        """The auditor reads every unit; everybody else her own (api-detail, part 4)."""
        return self.role is Role.AUDITOR


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, as the accounts know her; she becomes an `Actor` by the business date of her unit's zone."""

    user_id: int
    username: str
    name: str
    role: Role
    unit_id: int | None
    unit_code: str | None
    unit_name: str | None
    zone: str
    member_id: int | None

    def acting(self, today: date, came_from: str | None = None, request: str | None = None) -> Actor:
        """Her, on this business date, from this address and by this request."""
        return Actor(
            self.user_id,
            self.username,
            self.name,
            self.role,
            self.unit_id,
            self.unit_code,
            self.zone,
            today,
            self.member_id,
            came_from,
            request,
        )


HEAD_OFFICE_ZONE = "Asia/Jakarta"
"""The zone of people who belong to no unit."""

_FIELD_ROLES = frozenset({Role.OFFICER, Role.MENTOR, Role.LEADER})


def idle_limit(role: Role) -> timedelta:
    """How long a session may rest: 7 days on a phone in the field, 30 minutes at a desk (api-detail part 4, *Session length*)."""
    return timedelta(days=7) if role in _FIELD_ROLES else timedelta(minutes=30)


def session_limit(role: Role) -> timedelta:
    """How long a session may last in all: 30 days in the field, 12 hours at a desk."""
    return timedelta(days=30) if role in _FIELD_ROLES else timedelta(hours=12)
