"""Settings come from the environment; a bad one stops the start by its name."""

import ipaddress
import stat
import threading
from datetime import date
from pathlib import Path

import pytest

from config import SettingRefused, Settings

PRODUCTION = {
    "LENDING_ENV": "production",
    "LENDING_SECRET": "Xq7vT2mK9sLw4eRz8uYb1nHc6pJd3gFa",
    "LENDING_MASTER_KEY": "Zt5bN8wQ1xCv7mLk2jHg9fDs4aPo6iUy",
    "LENDING_TRUSTED_HOSTS": "pinjam.example.id",
}


def test_without_a_word_it_is_the_demo_on_sqlite_in_instance(tmp_path: Path) -> None:
    settings = Settings.from_environment({}, tmp_path)
    assert (settings.env, settings.host, settings.port, settings.today) == ("demo", "127.0.0.1", 8000, None)
    assert settings.data_dir == tmp_path / "instance"
    assert settings.database_url == f"sqlite:///{tmp_path}/instance/lending.db"
    assert (settings.demo, settings.demo_password, settings.scheduler) == (True, "maju-bersama-demo", True)
    assert (settings.public_url, settings.trusted_hosts, settings.trusted_proxies) == (None, (), ())


@pytest.mark.parametrize("name", [
    "LENDING_ENV", "LENDING_DATA_DIR", "LENDING_DATABASE_URL", "LENDING_HOST", "LENDING_PORT", "LENDING_TODAY", "LENDING_SECRET",
    "LENDING_MASTER_KEY", "LENDING_DEMO", "LENDING_DEMO_PASSWORD", "LENDING_SCHEDULER", "LENDING_PUBLIC_URL", "LENDING_TRUSTED_HOSTS",
    "LENDING_TRUSTED_PROXIES",
])  # fmt: skip
def test_an_empty_variable_counts_as_not_set(name: str, tmp_path: Path) -> None:
    assert Settings.from_environment({name: ""}, tmp_path) == Settings.from_environment({}, tmp_path)


@pytest.mark.parametrize(("name", "value"), [
    ("LENDING_ENV", "prod"), ("LENDING_ENV", "DEMO"), ("LENDING_ENV", " "),
    ("LENDING_DATABASE_URL", "mysql://x/y"), ("LENDING_DATABASE_URL", "postgresql://u@h/d"), ("LENDING_DATABASE_URL", "sqlite://"),
    ("LENDING_DATABASE_URL", "sqlite:///:memory:"), ("LENDING_DATABASE_URL", "postgresql+psycopg://u@h"),
    ("LENDING_DATABASE_URL", "postgresql+psycopg://[::1/d"),
    ("LENDING_HOST", "127.0.0.1:80"), ("LENDING_HOST", "http://x"), ("LENDING_HOST", "a b"),
    ("LENDING_PORT", "-1"), ("LENDING_PORT", "65536"), ("LENDING_PORT", "80.0"), ("LENDING_PORT", " 80"), ("LENDING_PORT", "８０"),
    ("LENDING_TODAY", "26-11-2026"), ("LENDING_TODAY", "20261126"), ("LENDING_TODAY", "2026-W48-4"), ("LENDING_TODAY", "2026-02-30"),
    ("LENDING_TODAY", "1999-12-31"), ("LENDING_TODAY", "2100-01-01"), ("LENDING_TODAY", "tomorrow"),
    ("LENDING_DEMO", "yes"), ("LENDING_DEMO", "2"), ("LENDING_SCHEDULER", "true"), ("LENDING_DEMO_PASSWORD", "a\tb"),
    ("LENDING_PUBLIC_URL", "example.id"), ("LENDING_PUBLIC_URL", "ftp://example.id"), ("LENDING_PUBLIC_URL", "https://u:p@example.id"),
    ("LENDING_PUBLIC_URL", "https://example.id/?a=1"), ("LENDING_PUBLIC_URL", "https://example.id:port"), ("LENDING_PUBLIC_URL", "https://"),
    ("LENDING_TRUSTED_HOSTS", "a b"), ("LENDING_TRUSTED_HOSTS", "http://a.id"), ("LENDING_TRUSTED_HOSTS", "*"),
    ("LENDING_TRUSTED_PROXIES", "localhost"), ("LENDING_TRUSTED_PROXIES", "10.0.0.1/8"), ("LENDING_TRUSTED_PROXIES", "*"),
    ("LENDING_DATA_DIR", "a?b"), ("LENDING_REPORTS_DIR", "a\tb"),
    ("LENDING_SMTP_URL", "mail.example.id"), ("LENDING_SMTP_URL", "http://mail.example.id"), ("LENDING_SMTP_URL", "smtp://"),
    ("LENDING_SMTP_URL", "smtp://a b"), ("LENDING_SMTP_URL", "smtp://x:port"), ("LENDING_SMTP_URL", "smtp://x/inbox"),
    ("LENDING_SMTP_URL", "smtp://:secret@x"), ("LENDING_SMTP_URL", "smtps://x?starttls=no"), ("LENDING_SMTP_URL", "smtp://x?starttls=maybe"),
    ("LENDING_SMTP_FROM", "laporan@example.id"),
])  # fmt: skip
def test_a_bad_value_is_refused_by_name_and_makes_nothing(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused) as no:
        Settings.from_environment({name: value}, tmp_path)
    assert no.value.name == name
    assert str(no.value).startswith(f"{name}: ")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("sender", ["", "laporan", "laporan@", "a b@example.id", "laporan@exa mple.id", "Laporan <laporan@example.id>"])
def test_a_mail_server_needs_an_address_to_send_from(sender: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused) as no:
        Settings.from_environment({"LENDING_SMTP_URL": "smtp://mail.example.id", "LENDING_SMTP_FROM": sender}, tmp_path)
    assert no.value.name == "LENDING_SMTP_FROM"


def test_ways_out_for_reports(tmp_path: Path) -> None:
    given = {"LENDING_SMTP_URL": "smtps://boss:hunter%402@mail.example.id:465", "LENDING_SMTP_FROM": "laporan@example.id"}
    settings = Settings.from_environment({**given, "LENDING_REPORTS_DIR": "out/reports"}, tmp_path)
    assert settings.reports_dir == tmp_path / "out" / "reports"
    assert settings.reports_dir.is_dir()
    assert (settings.smtp_url, settings.smtp_from) == tuple(given.values())
    assert "hunter" not in repr(settings)
    (tmp_path / "file").touch()
    with pytest.raises(SettingRefused, match="LENDING_REPORTS_DIR"):
        Settings.from_environment({"LENDING_REPORTS_DIR": "file"}, tmp_path)


def test_a_refused_address_of_a_database_does_not_show_its_password(tmp_path: Path) -> None:
    with pytest.raises(SettingRefused) as no:
        Settings.from_environment({"LENDING_DATABASE_URL": "postgres://boss:hunter2@db/x"}, tmp_path)
    assert "hunter2" not in str(no.value)


def test_a_record_of_settings_does_not_show_what_is_secret(tmp_path: Path) -> None:
    shown = repr(Settings.from_environment({**PRODUCTION, "LENDING_DATABASE_URL": "postgresql+psycopg://boss:hunter2@db/x"}, tmp_path))
    assert not any(secret in shown for secret in ("hunter2", PRODUCTION["LENDING_SECRET"], PRODUCTION["LENDING_MASTER_KEY"]))


def test_several_hosts_of_postgresql_are_allowed(tmp_path: Path) -> None:
    url = "postgresql+psycopg://u:p@/lending?host=10.0.0.1:5432&host=10.0.0.2:5432&target_session_attrs=read-write"
    assert Settings.from_environment({"LENDING_DATABASE_URL": url}, tmp_path).database_url == url


def test_the_data_folder_is_relative_to_the_checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir("/")
    assert Settings.from_environment({"LENDING_DATA_DIR": "somewhere/else"}, tmp_path).data_dir == tmp_path / "somewhere" / "else"


def test_a_file_in_the_way_of_the_data_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("mine")
    with pytest.raises(SettingRefused, match="LENDING_DATA_DIR"):
        Settings.from_environment({}, tmp_path)


def test_lists_and_addresses_are_read(tmp_path: Path) -> None:
    given = {
        "LENDING_TRUSTED_HOSTS": "Pinjam.example.id, .desa.id,127.0.0.1",
        "LENDING_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,::1",
        "LENDING_PUBLIC_URL": "https://pinjam.example.id/",
        "LENDING_TODAY": "2026-11-26",
    }
    settings = Settings.from_environment(given, tmp_path)
    assert settings.trusted_hosts == ("pinjam.example.id", ".desa.id", "127.0.0.1")
    assert settings.trusted_proxies == tuple(map(ipaddress.ip_network, ("127.0.0.1/32", "10.0.0.0/8", "::1/128")))
    assert settings.public_url == "https://pinjam.example.id"
    assert settings.today == date(2026, 11, 26)


# ---- secrets ---------------------------------------------------------------------------------------------------------------------------


def test_demo_makes_its_secrets_once_for_its_owner_only(tmp_path: Path) -> None:
    first, second = (Settings.from_environment({}, tmp_path) for _ in range(2))
    assert (first.secret, first.master_key) == (second.secret, second.master_key)
    assert first.secret != first.master_key
    assert len(first.secret) >= 32
    assert len(first.master_key) >= 32
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "instance").iterdir()}
    assert modes == {"secret": 0o600, "master.key": 0o600}
    assert stat.S_IMODE((tmp_path / "instance").stat().st_mode) == 0o700


def test_first_starts_at_the_same_moment_end_with_the_same_secrets(tmp_path: Path) -> None:
    gate, found = threading.Barrier(8), []

    def start() -> None:
        gate.wait()
        found.append(Settings.from_environment({}, tmp_path).master_key)

    threads = [threading.Thread(target=start) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    assert len(set(found)) == 1


def test_a_damaged_key_file_is_refused_and_not_made_anew(tmp_path: Path) -> None:
    Settings.from_environment({}, tmp_path)
    (tmp_path / "instance" / "master.key").write_text("oops")
    with pytest.raises(SettingRefused, match="LENDING_MASTER_KEY"):
        Settings.from_environment({}, tmp_path)
    assert (tmp_path / "instance" / "master.key").read_text() == "oops"


def test_demo_and_test_take_any_text_for_a_secret(tmp_path: Path) -> None:
    assert Settings.from_environment({"LENDING_SECRET": "short", "LENDING_ENV": "test"}, tmp_path).secret == "short"


# ---- production ------------------------------------------------------------------------------------------------------------------------


def test_production_starts_with_a_secret_a_key_and_its_host_names(tmp_path: Path) -> None:
    settings = Settings.from_environment(PRODUCTION, tmp_path)
    assert (settings.env, settings.demo, settings.demo_password, settings.today) == ("production", False, None, None)
    assert list((tmp_path / "instance").iterdir()) == []


@pytest.mark.parametrize(("name", "value"), [
    ("LENDING_SECRET", ""), ("LENDING_SECRET", "short"), ("LENDING_SECRET", "x" * 31), ("LENDING_SECRET", "a" * 64),
    ("LENDING_SECRET", "changeme" * 4), ("LENDING_SECRET", "ChangeMe1-ChangeMe2-ChangeMe3-ChangeMe4"), ("LENDING_SECRET", "password" * 5),
    ("LENDING_SECRET", "this-is-a-secret-key-change-me-please"), ("LENDING_SECRET", "0123456789abcdefghijklmnopqrstuvwxyz"),
    ("LENDING_SECRET", "rahasia-rahasia-rahasia-rahasia-123"),
    ("LENDING_MASTER_KEY", ""), ("LENDING_MASTER_KEY", "short"), ("LENDING_MASTER_KEY", "secret" * 6),
    ("LENDING_TRUSTED_HOSTS", ""), ("LENDING_TODAY", "2026-11-26"), ("LENDING_DEMO", "1"),
])  # fmt: skip
def test_production_refuses_what_is_missing_known_or_only_for_the_demo(name: str, value: str, tmp_path: Path) -> None:
    with pytest.raises(SettingRefused) as no:
        Settings.from_environment(PRODUCTION | {name: value}, tmp_path)
    assert no.value.name == name


@pytest.mark.parametrize("secret", [
    "3f2a9c81d4e5b60718293a4b5c6d7e8f",              # openssl rand -hex 16
    "9d0e1f2a3b4c5d6e7f8091a2b3c4d5e6f708192a3b4c5d6e",
    "kR7+Zt5bN8wQ1xCv7mLk2jHg9fDs4aPo6iUyQQ==",
    "empat kuda putih berlari di pantai panjang",
])  # fmt: skip
def test_production_takes_a_secret_that_somebody_really_made(secret: str, tmp_path: Path) -> None:
    assert Settings.from_environment(PRODUCTION | {"LENDING_SECRET": secret}, tmp_path).secret == secret
