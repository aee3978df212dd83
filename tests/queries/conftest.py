"""What these tests may ask for besides: a house with people, groups and loans in it."""

from tests.furnished import furnished_postgresql, furnished_sqlite, house

__all__ = ["furnished_postgresql", "furnished_sqlite", "house"]
