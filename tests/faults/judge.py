"""What the database says afterwards of everything that was sent: there, whole, once; and nothing that nobody sent."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from lending.database import session
from lending.domain.ledger import Account
from lending.models import Entry, Loan, MeetingLine, MeetingRecord, Posting, RecordUndo, SentOnce
from lending.queries.check import differences
from tests.faults.field import Sent, Worker
from tests.furnished import opened


@dataclass
class Verdict:
    """Ids of what was lost, is there by halves, twice, or came from nobody; and what `check` found."""

    lost: list[str] = field(default_factory=list)
    half: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    strange: list[str] = field(default_factory=list)
    differences: list[Any] = field(default_factory=list)

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.half or self.double or self.strange or self.differences)


def judge(url: str, workers: Sequence[Worker], today: date) -> Verdict:
    """Every answered thing of these workers against the database at this address."""
    kept = [one for worker in workers for one in worker.sent if one.status in (200, 201)]
    found = Verdict()
    with opened(url):
        _records([one for one in kept if one.kind == "record"], {one.uuid for one in kept if one.kind == "undo"}, found)
        _transfers([one for one in kept if one.kind == "transfer"], found)
        _from_nobody({one.uuid for worker in workers for one in worker.sent}, found)
        found.differences = [(one.code, one.row, one.what) for one in differences(today)]
    return found


def _records(sent: Sequence[Sent], undone: set[str], found: Verdict) -> None:
    lines = dict(session.execute(select(MeetingLine.record_uuid, func.count()).group_by(MeetingLine.record_uuid)).all())
    booked, taken_back = _legs(reversing=False), _legs(reversing=True)
    reversals = set(session.scalars(select(RecordUndo.record_uuid)))
    paid: dict[int, int] = defaultdict(int)
    for one in sent:
        body = one.body["lines"]
        wanted = Counter({Account.OFFICER_CASH: one.body["cash_counted"], Account.SAVINGS: -sum(line["savings"] for line in body)})
        wanted[Account.LOAN_PRINCIPAL] = -sum(line["paid"] for line in body)  # with the margin in it
        if one.uuid not in booked:
            found.lost.append(one.uuid)
        else:
            _compare(one.uuid, booked[one.uuid], wanted, lines.get(one.uuid, 0) - len(body), found)
        if one.uuid in undone:
            if one.uuid not in reversals:
                found.lost.append(f"undo of {one.uuid}")
            mirror = Counter({account: -amount for account, amount in wanted.items()})
            _compare(f"undo of {one.uuid}", taken_back.get(one.uuid, Counter()), mirror, 0, found)
        elif one.uuid in reversals:
            found.strange.append(f"undo of {one.uuid}")
        else:
            for line in body:
                paid[line["loan"]] += line["paid"]
    for loan_id, total in session.execute(select(Loan.id, Loan.total_paid)):
        if total != paid[loan_id]:
            found.strange.append(f"loan {loan_id}: {total} instead of {paid[loan_id]}")
    numbers = list(session.scalars(select(MeetingRecord.number).order_by(MeetingRecord.year, MeetingRecord.number)))
    if numbers != list(range(1, len(numbers) + 1)):
        found.strange.append("receipts have a gap")


def _compare(what: str, booked: Counter[Account], wanted: Counter[Account], more_lines: int, found: Verdict) -> None:
    less = [account for account in wanted if abs(booked[account]) < abs(wanted[account])]
    more = [account for account in wanted if abs(booked[account]) > abs(wanted[account])]
    if less or more_lines < 0:
        found.half.append(what)
    if more or more_lines > 0:
        found.double.append(what)


def _legs(*, reversing: bool) -> dict[str, Counter[Account]]:
    """Of each record the sums of its legs by account (margin counted as principal), of its own entries or of those that reverse them."""
    of = aliased(Entry)
    record = of.record_uuid if reversing else Entry.record_uuid
    question = select(record, Posting.account, func.sum(Posting.amount)).select_from(Entry).join(Posting, Posting.entry_id == Entry.id)
    question = question.join(of, Entry.reversal_of_id == of.id) if reversing else question.where(Entry.reversal_of_id.is_(None))
    sums: dict[str, Counter[Account]] = defaultdict(Counter)
    for uuid, account, amount in session.execute(question.group_by(record, Posting.account)):
        if uuid:
            sums[uuid][Account.LOAN_PRINCIPAL if account is Account.MARGIN_INCOME else account] += amount
    return sums


def _transfers(sent: Sequence[Sent], found: Verdict) -> None:
    vault = select(Posting.amount).where(Posting.entry_id == Entry.id, Posting.account == Account.VAULT_CASH).scalar_subquery()
    amounts: dict[int, int] = dict(session.execute(select(Entry.id, vault).where(Entry.kind == "transfer", Entry.reason == "ambil")).all())
    answered: dict[str, Any] = dict(session.execute(select(SentOnce.uuid, SentOnce.answer).where(SentOnce.act == "cash.transfer")).all())
    for one in sent:
        if one.uuid not in answered or answered[one.uuid]["entry"] not in amounts:
            found.lost.append(one.uuid)
        elif amounts.pop(answered[one.uuid]["entry"]) != one.body["amount"]:
            found.half.append(one.uuid)
    # Whatever is left was booked under no id that anybody knows.
    found.double += [f"entry {entry}" for entry in amounts]


def _from_nobody(sent: set[str], found: Verdict) -> None:
    there = set(session.scalars(select(MeetingRecord.uuid))) | set(session.scalars(select(RecordUndo.record_uuid)))
    found.strange += sorted(there - sent)
