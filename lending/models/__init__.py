"""The tables. All are listed here: a model that nobody imports is a table that migrations do not see."""

from lending.models.accounts import ApiToken, KnownBrowser, SignIn, User, WrongPassword
from lending.models.admin import AuditEvent, HolidayRow, Product, Region, RiskRule, Unit, UnitArea
from lending.models.arrears import ArrearsCase, ArrearsSnapshot, BrokenPromise, CaseEvent, JobRun, PortfolioDay
from lending.models.base import Base
from lending.models.books import Entry, EntrySeal, Posting, SentOnce
from lending.models.cash import CashDeclaration, CashHandover
from lending.models.closing import ChainSeal, DayBalance, DayClose
from lending.models.collection import LineUndo, MeetingLine, MeetingRecord, ReceiptPrint, RecordUndo, Renteng
from lending.models.groups import Assignment, CalendarMove, Group, Leadership, Meeting, MeetingMove, Membership
from lending.models.jobs import Job
from lending.models.loans import CheckCode, Loan, LoanEvent, Restructuring, ScheduleRow
from lending.models.members import Consent, Eligibility, FormerMeeting, Member, TrainingDay
from lending.models.mentoring import ActionOutcome, Photo, Visit, VisitAction, VisitMember
from lending.models.reports import ReportSchedule
from lending.models.warnings import WarningRule

__all__ = [
    "ActionOutcome",
    "ApiToken",
    "ArrearsCase",
    "ArrearsSnapshot",
    "Assignment",
    "AuditEvent",
    "Base",
    "BrokenPromise",
    "CalendarMove",
    "CaseEvent",
    "CashDeclaration",
    "CashHandover",
    "ChainSeal",
    "CheckCode",
    "Consent",
    "DayBalance",
    "DayClose",
    "Eligibility",
    "Entry",
    "EntrySeal",
    "FormerMeeting",
    "Group",
    "HolidayRow",
    "Job",
    "JobRun",
    "KnownBrowser",
    "Leadership",
    "LineUndo",
    "Loan",
    "LoanEvent",
    "Meeting",
    "MeetingLine",
    "MeetingMove",
    "MeetingRecord",
    "Member",
    "Membership",
    "Photo",
    "PortfolioDay",
    "Posting",
    "Product",
    "ReceiptPrint",
    "RecordUndo",
    "Region",
    "Renteng",
    "ReportSchedule",
    "Restructuring",
    "RiskRule",
    "ScheduleRow",
    "SentOnce",
    "SignIn",
    "TrainingDay",
    "Unit",
    "UnitArea",
    "User",
    "Visit",
    "VisitAction",
    "VisitMember",
    "WarningRule",
    "WrongPassword",
]
