"""So many a second, and no more."""

import pytest

from lending.domain.refusals import Refusal
from lending.web.limits import Limits


class Tick:
    """A clock that goes when it is told."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_second_holds_so_many_requests_and_the_next_second_as_many_again() -> None:
    tick = Tick()
    limits = Limits(tick=tick)
    for _ in range(20):
        limits.take("address 1", 20)
    with pytest.raises(Refusal) as caught:
        limits.take("address 1", 20)
    assert (caught.value.status, caught.value.facts["retry_after"]) == (429, 1)
    tick.now = 0.5
    for _ in range(10):
        limits.take("address 1", 20)
    with pytest.raises(Refusal):
        limits.take("address 1", 20)
    tick.now = 60
    for _ in range(20):
        limits.take("address 1", 20)
    with pytest.raises(Refusal):
        limits.take("address 1", 20)


def test_one_caller_does_not_use_up_another_ones_requests() -> None:
    limits = Limits(tick=Tick())
    for _ in range(20):
        limits.take("address 1", 20)
    limits.take("address 2", 20)


def test_strangers_without_number_do_not_fill_the_memory() -> None:
    tick = Tick()
    limits = Limits(tick=tick)
    for number in range(25_000):
        tick.now = number / 1_000
        limits.take(f"address {number}", 20)
    assert len(limits) <= 11_000
