"""The one way out of the house: files into the folder for reports, whole or not at all; letters to the mail server.

Where the settings name no folder or no mail server, that way is closed. What goes over a wire goes encrypted, by a server whose certificate
holds, unless that server stands on this machine or the settings say `starttls=no`.
"""

import os
import secrets
import smtplib
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import unquote, urlsplit

from flask import Flask, current_app

_FOLDER, _MAIL = "LENDING_REPORTS_DIR", "LENDING_SMTP"

SECONDS = 30
"""A mail server that is silent for so long is away."""

LONGEST_ANSWER = 120


class NotDelivered(Exception):
    """It did not go out. `fault` is a word of the house (`delivery_fault` in `i18n/states.py`), `said` what the other side answered."""

    def __init__(self, fault: str, said: str = "") -> None:
        super().__init__(fault)
        self.fault = fault
        self.said = "".join(letter for letter in said.splitlines()[0] if letter.isprintable())[:LONGEST_ANSWER] if said.strip() else ""


@dataclass(frozen=True)
class File:
    """One file to go out."""

    name: str
    content: bytes
    media: str


@dataclass(frozen=True)
class _MailServer:
    host: str
    port: int
    user: str | None
    password: str | None
    from_start: bool
    """Encrypted from the first byte on."""
    from_then_on: bool
    """Encrypted from STARTTLS on."""
    sender: str


def hang_on(app: Flask, folder: Path | None, smtp_url: str | None, sender: str | None) -> None:
    """Tell the app where its reports may go."""
    app.config[_FOLDER] = folder
    app.config[_MAIL] = _read(smtp_url, sender) if smtp_url and sender else None


def _read(url: str, sender: str) -> _MailServer:
    parts = urlsplit(url)
    host, from_start = parts.hostname or "", parts.scheme == "smtps"
    port = parts.port or (465 if from_start else 587 if parts.username else 25)
    user, password = (unquote(one) if one else None for one in (parts.username, parts.password))
    from_then_on = not from_start and parts.query != "starttls=no" and not _is_this_machine(host)
    return _MailServer(host, port, user, password, from_start, from_then_on, sender)


def _is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def has_folder() -> bool:
    """Whether there is a folder for reports."""
    return current_app.config.get(_FOLDER) is not None


def has_mail() -> bool:
    """Whether there is a mail server."""
    return current_app.config.get(_MAIL) is not None


def put(under: str, file: File) -> None:
    """Put the file into a folder of that name below the folder for reports: there whole under its name, or not there; over an older one.

    Refused: `NotDelivered`, `folder_not_set_up` or `folder_trouble`.
    """
    folder: Path | None = current_app.config.get(_FOLDER)
    if folder is None:
        raise NotDelivered("folder_not_set_up")
    place = folder / under
    draft = place / f".{file.name}.{secrets.token_hex(4)}.unfinished"
    try:
        place.mkdir(mode=0o750, parents=True, exist_ok=True)
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o640), "wb") as opened:
            opened.write(file.content)
            opened.flush()
            os.fsync(opened.fileno())
        draft.replace(place / file.name)
        _keep_name(place)
    except OSError as trouble:
        draft.unlink(missing_ok=True)
        raise NotDelivered("folder_trouble", trouble.strerror or str(trouble)) from trouble


def _keep_name(place: Path) -> None:
    """The name in the folder is on the disk, too, where the system knows such a thing."""
    opened = os.open(place, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


@dataclass(frozen=True)
class Letter:
    """What a mail says. `key` is its own for ever: a mailbox that gets it twice knows it by that."""

    key: str
    subject: str
    text: str
    files: Sequence[File]
    at: datetime


def mail(letter: Letter, to: str) -> None:
    """Hand a letter for one address to the mail server, which has taken it when this returns.

    Refused: `NotDelivered`: `mail_not_set_up`, `mail_away`, `mail_not_safe`, `mail_login`, `mail_address` (it will not take this one),
    `mail_refused`.
    """
    server: _MailServer | None = current_app.config.get(_MAIL)
    if server is None:
        raise NotDelivered("mail_not_set_up")
    with _in_our_words(), _connected(server) as line:
        line.send_message(_written(letter, to, server.sender), server.sender, [to])


def _written(letter: Letter, to: str, sender: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, to, letter.subject
    message["Date"] = format_datetime(letter.at)
    message["Message-ID"] = f"<{letter.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(letter.text)
    for file in letter.files:
        kind, _, subkind = file.media.partition(";")[0].partition("/")
        message.add_attachment(file.content, maintype=kind, subtype=subkind, filename=file.name)
    return message


@contextmanager
def _connected(server: _MailServer) -> Iterator[smtplib.SMTP]:
    name, safe = socket.gethostname(), ssl.create_default_context()
    if server.from_start:
        line: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, local_hostname=name, timeout=SECONDS, context=safe)
    else:
        line = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=SECONDS)
    try:
        if server.from_then_on:
            line.starttls(context=safe)
        if server.user is not None:
            line.login(server.user, server.password or "")
        yield line
    finally:
        # A letter that was taken is taken, whatever becomes of the good-bye.
        with suppress(smtplib.SMTPException, OSError):
            line.quit()
        line.close()


@contextmanager
def _in_our_words() -> Iterator[None]:
    try:
        yield
    except smtplib.SMTPRecipientsRefused as no:
        code, said = next(iter(no.recipients.values()))
        raise NotDelivered("mail_address", _answer(code, said)) from no
    except smtplib.SMTPAuthenticationError as no:
        raise NotDelivered("mail_login", str(no.smtp_code)) from no
    except (smtplib.SMTPNotSupportedError, ssl.SSLError) as no:
        raise NotDelivered("mail_not_safe", str(no)) from no
    except smtplib.SMTPResponseException as no:
        raise NotDelivered("mail_refused", _answer(no.smtp_code, no.smtp_error)) from no
    except OSError as no:
        raise NotDelivered("mail_away", str(no)) from no


def _answer(code: int, said: bytes | str) -> str:
    return f"{code} {said.decode(errors='replace') if isinstance(said, bytes) else said}"
