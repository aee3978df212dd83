"""Nothing on the wrong side of zero (V11): no purse and no vault on any evening, no woman's savings on any day, nothing of a loan's.

The principal and the margin of a loan are proved to the rupiah with the loan itself (`check_loans`), and so are never below zero.
"""

from collections.abc import Iterator

from sqlalchemy import and_, func, or_, select

from lending.domain.ledger import CREDITED, NEVER_NEGATIVE, NEVER_POSITIVE, Account
from lending.models import Entry, Posting
from lending.queries.differences import Question, Told, put_once, told

_CASH = (Account.OFFICER_CASH, Account.VAULT_CASH)
_HERS = (Account.SAVINGS, Account.UPJ)
_OF_A_LOAN = (NEVER_NEGATIVE | NEVER_POSITIVE) - {*_CASH, *_HERS, *CREDITED}


@put_once
def look() -> Iterator[Told]:
    """Every sub-account that was on the wrong side."""
    balance = func.sum(Posting.amount)
    wrong = or_(and_(Posting.account.in_(NEVER_NEGATIVE), balance < 0), and_(Posting.account.in_(NEVER_POSITIVE), balance > 0))
    crossed: Question = (
        select(Posting.account, Posting.loan_id, balance)
        .where(Posting.account.in_(_OF_A_LOAN))
        .group_by(Posting.account, Posting.loan_id)
        .having(wrong)
    )
    yield told("V11", "account", "the sub-account {0} stands at {1}", crossed)
    yield _savings()
    yield _evenings()


def _savings() -> Told:
    """No woman took more than she had, on the day on which she took it. Only of her who took something is there a doubt."""
    took = select(Posting.member_id).where(Posting.account.in_(_HERS), Posting.amount > 0)
    of_day = (
        select(Posting.account, Posting.member_id, Entry.happened_on, func.sum(Posting.amount).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_(_HERS), Posting.member_id.in_(took))
        .group_by(Posting.account, Posting.member_id, Entry.happened_on)
        .subquery()
    )
    so_far = func.sum(of_day.c.amount).over(partition_by=(of_day.c.account, of_day.c.member_id), order_by=of_day.c.happened_on)
    evening = select(of_day.c.member_id, of_day.c.account, of_day.c.happened_on, so_far.label("so_far")).subquery()
    overdrawn: Question = select(evening.c.member_id, evening.c.account, evening.c.happened_on, evening.c.so_far)
    return told("V11", "member", "{0} on {1}: {2} more than there was", overdrawn.where(evening.c.so_far > 0))


def _evenings() -> Told:
    """No purse and no vault below zero at the end of any day of the books."""
    of_day = (
        select(Posting.account, Entry.unit_id, Posting.user_id, Entry.on_day, func.sum(Posting.amount).label("amount"))
        .join(Entry, Entry.id == Posting.entry_id)
        .where(Posting.account.in_(_CASH))
        .group_by(Posting.account, Entry.unit_id, Posting.user_id, Entry.on_day)
        .subquery()
    )
    purse = of_day.c.account, of_day.c.unit_id, of_day.c.user_id
    held = func.sum(of_day.c.amount).over(partition_by=purse, order_by=of_day.c.on_day).label("held")
    evening = select(of_day, held).subquery()
    short: Question = select(evening.c.account, evening.c.on_day, evening.c.unit_id, evening.c.user_id, evening.c.held)
    return told("V11", "account", "on {0}, of unit {1} and user {2}, it stood at {3}", short.where(evening.c.held < 0))
