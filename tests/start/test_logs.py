"""What the house writes down about itself goes to stderr, and holds nobody's numbers."""

import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from lending import logs


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("lending")
    before = root.handlers[:], root.level, ours.level
    yield
    root.handlers[:], level, our_level = before
    root.setLevel(level)
    ours.setLevel(our_level)
    structlog.reset_defaults()


def test_production_writes_one_json_document_a_line_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    logs.write_to_stderr("production")
    structlog.get_logger("lending.jobs").info("night closed", dates=["2026-11-26"])
    logging.getLogger("waitress").warning("client %s left", "10.0.0.9")
    said = capsys.readouterr()
    assert said.out == ""
    night, left = map(json.loads, said.err.splitlines())
    assert (night["event"], night["level"], night["dates"]) == ("night closed", "info", ["2026-11-26"])
    assert (left["event"], left["level"]) == ("client 10.0.0.9 left", "warning")


@pytest.mark.parametrize("env", ["demo", "production"])
def test_a_fault_is_written_with_its_trace(env: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.write_to_stderr("demo" if env == "demo" else "production")
    try:
        raise ValueError("1571014101900001 is hers")
    except ValueError:
        structlog.get_logger("lending").exception("night failed")
    said = capsys.readouterr().err
    assert "test_logs.py" in said
    assert "ValueError" in said
    assert "1571014101900001" not in said


@pytest.mark.parametrize("number", [
    "1571014101900001", "15.71.01.410190.0001", "15 7101 410190 0001",     # NIK, however it is written
    "081274812345", "+6281274812345", "0812-7481-2345", "62 812 7481 2345",  # telephone
])  # fmt: skip
def test_a_number_of_a_person_is_struck_out_wherever_it_stands(number: str, capsys: pytest.CaptureFixture[str]) -> None:
    logs.write_to_stderr("production")
    structlog.get_logger("lending").warning(f"no such member {number}.", about=f"call {number} first", many=[number], deep={"nik": number})
    said = capsys.readouterr().err
    assert not any(piece in said for piece in (number, number[-4:]))


def test_days_receipts_amounts_and_ids_stay_readable(capsys: pytest.CaptureFixture[str]) -> None:
    logs.write_to_stderr("production")
    kept = "2026-11-26T09:41:00+07:00 JMB-2026-000123 Rp2.500.000 123e4567-e89b-12d3-a456-426614174000 lending_12345 loan 77"
    structlog.get_logger("lending").warning(kept)
    assert kept in capsys.readouterr().err
