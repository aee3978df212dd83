"""Maju Bersama: group lending from the meeting up. Imports nothing, so that the rules load without Flask or SQLAlchemy."""
