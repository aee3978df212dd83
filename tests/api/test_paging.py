"""Pages that neither repeat nor miss a row."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.domain.refusals import Refusal
from lending.web.api.paging import Key, Window, window

Row = tuple[date, int]
FIRST = date(2026, 1, 1)


def by_day_and_id(row: Row) -> Key:
    return row


def walk(rows: set[Row], limit: int, gone: set[Row]) -> list[Row]:
    """Every page in turn; what is in `gone` disappears after the first."""
    seen: list[Row] = []
    cursor = None
    while True:
        page = window("/rows", limit, cursor).cut(rows if not seen else rows - gone, by_day_and_id)
        seen += page.items
        cursor = page.next
        if cursor is None:
            return seen


row = st.tuples(st.integers(0, 9).map(lambda days: FIRST + timedelta(days)), st.integers(1, 50))


@given(rows=st.sets(row), limit=st.integers(1, 7))
def test_pages_put_together_are_the_list(rows: set[Row], limit: int) -> None:
    assert walk(rows, limit, set()) == sorted(rows)


@given(rows=st.sets(row), gone=st.sets(row), limit=st.integers(1, 7))
def test_rows_that_disappear_in_between_make_no_other_row_missing_or_double(rows: set[Row], gone: set[Row], limit: int) -> None:
    seen = walk(rows, limit, gone)
    assert len(seen) == len(set(seen))
    assert rows - gone <= set(seen)


def test_a_question_with_a_limit_gives_one_row_more_than_the_page() -> None:
    asked = window("/rows", 2, None)
    assert asked.fetch == 3
    page = asked.page([1, 2, 3], lambda number: (number,))
    assert page.items == [1, 2]
    assert window("/rows", 2, page.next).after_id == 2
    assert asked.page([1, 2], lambda number: (number,)).next is None


def test_a_table_asks_for_every_row() -> None:
    assert Window("/rows").fetch > 1_000_000
    assert Window("/rows").page(list(range(500)), lambda number: (number,)).items == list(range(500))


@pytest.mark.parametrize("cursor", ["", "x", "ä", "1", "null", "mfrgg", "a" * 5_000])
def test_a_cursor_that_somebody_made_up_is_refused(cursor: str) -> None:
    with pytest.raises(Refusal) as caught:
        window("/rows", 5, cursor)
    assert (caught.value.code, caught.value.status) == ("cursor_unknown", 422)


def test_a_cursor_of_another_list_or_of_another_order_is_refused() -> None:
    cursor = window("/others", 1, None).page(["a", "b"], lambda name: (name,)).next
    with pytest.raises(Refusal):
        window("/rows", 1, cursor)
    with pytest.raises(Refusal):
        _ = window("/others", 1, cursor).after_id
    with pytest.raises(Refusal):
        window("/others", 1, cursor).cut([1, 2], lambda number: (number,))
