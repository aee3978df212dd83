"""Savings and UPJ at the unit: in and out, once, never more than there is, and her book shows it."""

from dataclasses import replace
from functools import partial

from lending.actions.cash import Transfer, transfer
from lending.actions.endings import Settlement, record_death, settle
from lending.actions.savings import SavingsMoved, UpjReleased, move_savings, release_upj
from lending.domain.ledger import Account
from lending.domain.savings import SavingsKind, UpjKind
from lending.queries import savings as questions
from lending.queries.check import differences
from tests.furnished import House, a_record, a_uuid, all_at_once, balance, codes, day, only_sqlite, refused, rows

IN, OUT = SavingsKind.DEPOSIT, SavingsKind.WITHDRAWAL
VAULT = Account.VAULT_CASH


def saved(house: House, amount: int, kind: SavingsKind = IN, *, on: int = 1, key: int = 1) -> SavingsMoved:
    """Something of the first woman of Melati."""
    return SavingsMoved(a_uuid(500 + key), house.women[0], day(on), amount, kind)


def test_savings_go_into_the_vault_and_out_of_it(house: House):
    cashier, head, before = house.person("cashier", day(1)), house.head(day(1)), balance(VAULT)
    known, answer = move_savings(saved(house, 80_000), cashier)
    assert (known, answer["savings"], answer["upj"], answer["kind"]) == (False, 80_000, 100_000, "deposit")
    assert move_savings(saved(house, 30_000, OUT, key=2), head)[1]["savings"] == 50_000
    assert balance(VAULT) - before == 50_000
    assert balance(Account.SAVINGS, member_id=house.women[0]) == -50_000
    a_record(house, 2, savings={house.women[0]: 7_000})
    book = questions.book(house.officer(day(2)), house.women[0], Account.SAVINGS)
    assert [(one.amount, one.balance, one.receipt) for one in book] == [
        (80_000, 80_000, None),
        (-30_000, 50_000, None),
        (7_000, 57_000, "JMB-2026-000001"),
    ]
    assert [one.balance for one in questions.book(house.officer(day(2)), house.women[0], Account.SAVINGS, on=day(1))] == [80_000, 50_000]
    assert differences(day(2)) == []


def test_sent_again_it_is_the_same_answer_and_nothing_new(house: House):
    cashier = house.person("cashier", day(1))
    _, first = move_savings(saved(house, 80_000), cashier)
    before = rows()
    assert move_savings(replace(saved(house, 80_000), uuid=a_uuid(501).upper()), cashier) == (True, first)
    assert rows() == before
    for other in (saved(house, 80_001), saved(house, 80_000, OUT), replace(saved(house, 80_000), member_id=house.women[1])):
        with refused("key_reused", status=422):
            move_savings(other, cashier)
    found = all_at_once([partial(move_savings, saved(house, 1_000, key=3), cashier)] * 8)
    assert sorted(known for known, _ in found) == [False, *[True] * 7]
    assert balance(Account.SAVINGS, member_id=house.women[0]) == -81_000


def test_eight_who_take_out_the_same_savings_at_once_find_them_once(house: House):
    cashier = house.person("cashier", day(1))
    move_savings(saved(house, 80_000), cashier)
    found = all_at_once([partial(move_savings, saved(house, 80_000, OUT, key=10 + nth), cashier) for nth in range(8)])
    assert codes(found) == ["kept", *["not_enough_savings"] * 7]
    assert balance(Account.SAVINGS, member_id=house.women[0]) == 0


@only_sqlite
def test_what_is_refused_of_savings(house: House):
    cashier = house.person("cashier", day(3))
    move_savings(saved(house, 80_000, on=2), cashier)
    move_savings(saved(house, 50_000, OUT, on=3, key=2), cashier)
    for told, code, at in (
        (saved(house, 0, key=3), "too_small", "amount"),
        (saved(house, 100_000_000_001, key=3), "too_large", "amount"),
        (saved(house, 1, on=4, key=3), "future_date", "on"),
        (replace(saved(house, 1, key=3), on=house.people["officer"].today.replace(day=1)), "before_joining", "on"),
        (saved(house, 30_001, OUT, on=3, key=3), "not_enough_savings", "amount"),
        (saved(house, 30_001, OUT, on=2, key=3), "not_enough_savings", "amount"),
        (saved(house, 1, OUT, on=1, key=3), "not_enough_savings", "amount"),
    ):
        with refused(code, at=at, status=422):
            move_savings(told, cashier)
    with refused("not_found", status=404):
        move_savings(saved(house, 1, key=3), house.person("srg-cashier", day(3)))
    with refused("not_found", status=404):
        move_savings(replace(saved(house, 1, key=3), member_id=9_999), cashier)
    for username in ("officer", "auditor", "mentor", "admin"):
        with refused("not_allowed", status=403):
            move_savings(saved(house, 1, key=3), house.person(username, day(3)))
    left = balance(VAULT) - 200_000_000
    transfer(Transfer(a_uuid(50), day(3), left, "vault", "bank", "setor"), cashier)
    with refused("not_enough_cash", at="amount"):
        move_savings(saved(house, 30_000, OUT, on=3, key=3), cashier)


def test_upj_goes_back_or_into_her_savings_when_no_loan_runs(house: House):
    cashier, woman = house.person("cashier", day(1)), house.women[0]

    def upj(amount: int, kind: UpjKind, key: int, on: int = 1) -> UpjReleased:
        return UpjReleased(a_uuid(500 + key), woman, day(on), amount, kind)

    with refused("loan_running", at="member"):
        release_upj(upj(1, UpjKind.REFUND, 1), cashier)
    settle(house.loans[0], cashier, Settlement(None, 0))
    before = balance(VAULT)
    _, first = release_upj(upj(40_000, UpjKind.TO_SAVINGS, 1), cashier)
    assert (first["savings"], first["upj"]) == (40_000, 60_000)
    assert balance(VAULT) == before
    found = all_at_once([partial(release_upj, upj(60_000, UpjKind.REFUND, key), cashier) for key in range(10, 18)])
    assert codes(found) == ["kept", *["not_enough_upj"] * 7]
    assert balance(VAULT) == before - 60_000
    assert release_upj(upj(40_000, UpjKind.TO_SAVINGS, 1), cashier) == (True, first)
    with refused("key_reused"):
        release_upj(upj(40_000, UpjKind.REFUND, 1), cashier)
    for username in ("head", "officer", "auditor"):
        with refused("not_allowed", status=403):
            release_upj(upj(1, UpjKind.REFUND, 30), house.person(username, day(1)))
    book = questions.book(cashier, woman, Account.UPJ)
    assert [(one.amount, one.balance) for one in book] == [(100_000, 100_000), (-40_000, 60_000), (-60_000, 0)]
    assert differences(day(1)) == []


def test_the_heirs_of_a_woman_who_has_died_are_paid_out(house: House):
    cashier, woman = house.person("cashier", day(2)), house.women[0]
    a_record(house, 1, savings={woman: 25_000})
    record_death(house.loans[0], house.head(day(2)), on=day(2), reason="sakit", claim=True)
    move_savings(saved(house, 25_000, OUT, on=2, key=1), cashier)
    release_upj(UpjReleased(a_uuid(502), woman, day(2), 100_000, UpjKind.REFUND), cashier)
    assert questions.balances(woman) == (0, 0)
    assert differences(day(2)) == []
