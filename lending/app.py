"""Settings in, app out: every door is hung here, in one list of named steps."""

from flask import Flask

from lending import anchors, clock, database, delivery, pictures
from lending.settings import Settings


def create_app(settings: Settings) -> Flask:
    """The whole house for these settings, with its database opened (migrating it is `lending.schema`'s duty, before this)."""
    app = create_house(settings)
    for step in (_trust_proxies, _open_pages, _open_api):
        step(app, settings)
    return app


def create_house(settings: Settings) -> Flask:
    """The house without its web doors: for the verbs of the terminal, which start in half the time so."""
    app = Flask("lending")
    for step in (_take_settings, _set_clock, _open_database, _open_pictures, _keep_anchors, _open_ways_out):
        step(app, settings)
    return app


def _take_settings(app: Flask, settings: Settings) -> None:
    app.extensions["lending_settings"] = settings
    app.config.update(SECRET_KEY=settings.secret, ENV=settings.env)


def _set_clock(app: Flask, settings: Settings) -> None:
    clock.fix(settings.today)


def _open_database(app: Flask, settings: Settings) -> None:
    database.hang_on(app, settings.database_url, settings.master_key)


def _open_pictures(app: Flask, settings: Settings) -> None:
    pictures.hang_on(app, settings.data_dir)


def _keep_anchors(app: Flask, settings: Settings) -> None:
    anchors.hang_on(app, settings.data_dir)


def _open_ways_out(app: Flask, settings: Settings) -> None:
    delivery.hang_on(app, settings.reports_dir, settings.smtp_url, settings.smtp_from)


def _trust_proxies(app: Flask, settings: Settings) -> None:
    from lending.web import proxies

    proxies.set_up(app, settings.trusted_proxies)


def _open_pages(app: Flask, settings: Settings) -> None:
    from lending.web import pages

    pages.hang_on(app, settings)


def _open_api(app: Flask, _settings: Settings) -> None:
    from lending.web import api

    api.hang_on(app)
