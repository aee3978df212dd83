"""The people's door, whole: what stands around every request, then every page there is, one line a column."""

from flask import Blueprint, Flask

from lending.settings import Settings
from lending.web import (
    admin,
    arrears,
    books,
    cards,
    cash,
    collection,
    errors,
    field,
    filters,
    groups,
    headers,
    home,
    imports,
    language,
    loans,
    login,
    members,
    mentoring,
    navigation,
    operations,
    reports,
    sign_in,
    static_files,
    warnings,
)

PAGES: tuple[Blueprint, ...] = (
    language.pages,
    sign_in.pages,
    home.pages,
    groups.pages,
    members.pages,
    loans.pages,
    collection.pages,
    cards.pages,
    arrears.pages,
    warnings.pages,
    mentoring.pages,
    reports.pages,
    reports.report_pages,
    cash.pages,
    books.pages,
    imports.pages,
    admin.pages,
    field.pages,
    operations.pages,
)


def hang_on(app: Flask, settings: Settings) -> None:
    """Give the app its sessions, headers, words, answers and pages. The API hangs itself on, after this."""
    production = settings.env == "production"
    app.config["LENDING_DEMO_PASSWORD"] = settings.demo_password if settings.env == "demo" else None
    # First what refuses a request as such: the order of these calls is the order in which a request is looked at.
    headers.set_up(app, production=production, trusted_hosts=settings.trusted_hosts, public_url=settings.public_url)
    login.set_up(app, production=production)
    language.set_up(app)
    filters.set_up(app)
    navigation.set_up(app)
    static_files.set_up(app)
    errors.set_up(app)
    for pages in PAGES:
        app.register_blueprint(pages)
