"""Opening the house: the schema brought up, the app made, the reference data loaded, and the reasons not to open."""

from dataclasses import replace
from typing import Any, cast

import structlog
from flask import Flask

from lending import clock, logs, schema
from lending.actions.reference import load_reference
from lending.app import create_app, create_house
from lending.domain.access import HEAD_OFFICE_ZONE
from lending.domain.refusals import Conflict, Refusal
from lending.queries import accounts, operations
from lending.settings import Settings

_log = structlog.get_logger()


def open_house(settings: Settings, *, with_doors: bool) -> Flask:
    """The app on a migrated database with its reference data. Several processes may do this at once. `with_doors`: pages and API too.

    Refused: `schema_too_new`, `no_database`, `date_before_data` (a fixed date before the newest business date here), and in production
    `demo_accounts` while one of them is active.
    """
    logs.write_to_stderr(settings.env)
    revision = schema.upgrade(settings.database_url)
    app = create_app(settings) if with_doors else create_house(settings)
    app.extensions["lending_revision"] = revision
    with app.app_context():
        reached = operations.newest_business_dates()
        newest = max(reached.values(), default=None)
        if settings.today is not None and newest is not None and settings.today < newest:
            raise Conflict("date_before_data", newest=newest)
        if settings.today is None:
            clock.has_come(reached)
            for zone, day in clock.went_back().items():
                _log.error("the machine's clock is behind the books", zone=zone, business_date=day.isoformat())
        if settings.env == "production" and (people := accounts.demo_people()):
            raise Refusal("demo_accounts", usernames=[person.username for person in people])
        load_reference(clock.today(HEAD_OFFICE_ZONE))
    return app


def at_address(settings: Settings, address: str) -> Settings:
    """The settings with the server's own address as the one that printed codes begin with, where no other was given."""
    return settings if settings.public_url else cast("Settings", replace(cast("Any", settings), public_url=address))
