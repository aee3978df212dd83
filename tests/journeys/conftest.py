"""What these tests may ask for besides: a house with people, groups and loans in it, and the same house two months later."""

from tests.furnished import furnished_postgresql, furnished_sqlite, house
from tests.lived_in import lived_in, lived_in_sqlite, look, own_app, readers, work

__all__ = ["furnished_postgresql", "furnished_sqlite", "house", "lived_in", "lived_in_sqlite", "look", "own_app", "readers", "work"]
