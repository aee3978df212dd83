"""Women who do not exist: believable names and addresses, and numbers that nobody can have.

Serials of NIK and KK begin with 9 (api-detail part 3, *Demo*), telephone numbers with 0840, which no operator was ever given.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from lending.demo import words

YOUNGEST, OLDEST = 20, 55
"""In years when her group is formed: so far from the bounds that nobody grows out of them within a few cycles."""


@dataclass(frozen=True)
class Woman:
    """What her papers say, and where she lives. `kelurahan` is a code; numbers as digits."""

    name: str
    nik: str
    kk: str
    birth_date: date
    phone: str | None
    address: str
    rt: str
    rw: str
    kelurahan: str


class Women:
    """Where the demo's women come from: no name twice in a group, no number twice at all."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._count = 0
        self._numbers: set[str] = set()
        self._phone: str | None = None

    def neighbours(self, kelurahan: str, kecamatan: Sequence[str], size: int, on: date) -> list[Woman]:
        """That many women of one kelurahan, as old as they are on that day; `kecamatan` are those of her city."""
        dice = self._dice
        street, rt, rw = dice.choice(words.STREETS), dice.randint(1, 40), dice.randint(1, 9)
        names: dict[str, None] = {}
        while len(names) < size:
            names[self._name()] = None
        return [self._woman(name, kelurahan, kecamatan, f"{street} No. {dice.randint(1, 88)}", (rt, rw), on) for name in names]

    def _name(self) -> str:
        given = self._dice.choice(words.GIVEN_NAMES)
        kind = self._dice.random()
        if kind < 0.14:  # a single name is common, and no mistake
            return given
        second = self._dice.choice(words.SECOND_NAMES)
        return f"Hj. {given} {second}" if kind > 0.97 else f"{given} {second}"

    def _woman(self, name: str, kelurahan: str, kecamatan: Sequence[str], address: str, place: tuple[int, int], on: date) -> Woman:
        dice = self._dice
        born = on - timedelta(days=dice.randint(YOUNGEST * 366, OLDEST * 365))
        # She was registered where she grew up, which need not be where she lives.
        registered = kelurahan[:8] if dice.random() < 0.75 else dice.choice(kecamatan)
        issued = on - timedelta(days=dice.randint(200, 4000))
        nik = self._number(f"{registered}{born.day + 40:02}{born:%m%y}")
        kk = self._number(f"{kelurahan[:8]}{issued:%d%m%y}")
        rt, rw = place
        return Woman(name, nik, kk, born, self._phone_number(), address, f"{rt + dice.randint(0, 2):03}", f"{rw:03}", kelurahan)

    def _number(self, beginning: str) -> str:
        stem = beginning.replace(".", "")
        number = ""
        while not number or number in self._numbers:
            self._count += 1
            number = f"{stem}{9000 + self._count % 1000}"
        self._numbers.add(number)
        return number

    def _phone_number(self) -> str | None:
        """Nine in ten have one; a few share it with the neighbour before her, as sisters do."""
        kind = self._dice.random()
        if kind < 0.1:
            return None
        if kind > 0.04 + 0.1 or self._phone is None:
            self._phone = f"0840{self._dice.randint(0, 99_999_999):08}"
        return self._phone
