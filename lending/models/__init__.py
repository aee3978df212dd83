"""The tables. All are listed here: a model that nobody imports is a table that migrations do not see."""

from lending.models.accounts import ApiToken, KnownBrowser, SignIn, User, WrongPassword
from lending.models.admin import AuditEvent, HolidayRow, Product, Region, Unit, UnitArea
from lending.models.arrears import ArrearsSnapshot, JobRun, PortfolioDay
from lending.models.base import Base
from lending.models.books import Entry, EntrySeal, Posting, SentOnce
from lending.models.collection import MeetingLine, MeetingRecord, ReceiptPrint, RecordUndo, Renteng
from lending.models.groups import Assignment, CalendarMove, Group, Leadership, Meeting, MeetingMove, Membership
from lending.models.loans import CheckCode, Loan, LoanEvent
from lending.models.members import Consent, Eligibility, Member, TrainingDay
from lending.models.mentoring import ActionOutcome, Visit, VisitAction, VisitMember

__all__ = [
    "ActionOutcome",
    "ApiToken",
    "ArrearsSnapshot",
    "Assignment",
    "AuditEvent",
    "Base",
    "CalendarMove",
    "CheckCode",
    "Consent",
    "Eligibility",
    "Entry",
    "EntrySeal",
    "Group",
    "HolidayRow",
    "JobRun",
    "KnownBrowser",
    "Leadership",
    "Loan",
    "LoanEvent",
    "Meeting",
    "MeetingLine",
    "MeetingMove",
    "MeetingRecord",
    "Member",
    "Membership",
    "PortfolioDay",
    "Posting",
    "Product",
    "ReceiptPrint",
    "RecordUndo",
    "Region",
    "Renteng",
    "SentOnce",
    "SignIn",
    "TrainingDay",
    "Unit",
    "UnitArea",
    "User",
    "Visit",
    "VisitAction",
    "VisitMember",
    "WrongPassword",
]
