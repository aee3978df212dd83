"""`run.py` makes its own Python: once, whole, and again after whatever went wrong.

Tried on a checkout whose requirements ask for nothing, so without a network.
"""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.start.programme import PATIENCE, ROOT, Ended

VERB = """
import json, sys
def main(argv, read_settings):
    print(json.dumps({"python": sys.prefix, "words": list(argv), "env": read_settings().env}))
    return 0
"""

BASE_PYTHON = getattr(sys, "_base_executable", sys.executable)


def a_checkout(here: Path) -> Path:
    """The real run.py and config.py, requirements that ask for nothing, and a house of one verb."""
    (here / "lending").mkdir(parents=True)
    for name in ("run.py", "config.py"):
        shutil.copy(ROOT / name, here)
    for name in ("requirements.txt", "requirements-dev.txt"):
        (here / name).write_text("# nothing\n")
    (here / "lending" / "__init__.py").touch()
    (here / "lending" / "cli.py").write_text(VERB)
    return here


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """One that nobody has started yet."""
    return a_checkout(tmp_path / "checkout")


@dataclass(frozen=True)
class FirstStart:
    """A checkout, and what its first start said."""

    checkout: Path
    said: Ended


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> FirstStart:
    here = a_checkout(tmp_path_factory.mktemp("started") / "checkout")
    said = start(here, "hello", "--json")
    assert said.code == 0, said.err
    return FirstStart(here, said)


@pytest.fixture
def started(first: FirstStart, tmp_path: Path) -> Path:
    """One that has been started before."""
    return shutil.copytree(first.checkout, tmp_path / "checkout", symlinks=True)


COPYING = """
import shutil, sys
if __name__ == "__main__":
    shutil.copytree({made!r}, sys.argv[-1], symlinks=True, ignore=shutil.ignore_patterns("stamp.json"))
"""


@pytest.fixture
def quickly(first: FirstStart, tmp_path: Path) -> dict[str, str]:
    """Surroundings in which `python -m venv` copies an environment that was really made: making one takes Python ten seconds."""
    (tmp_path / "quickly").mkdir()
    (tmp_path / "quickly" / "venv.py").write_text(COPYING.format(made=str(first.checkout / ".venv")))
    return {"PYTHONPATH": str(tmp_path / "quickly"), "PATH": "/usr/bin:/bin"}


def surroundings(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LENDING_", "PIP_", "UV_", "PYTEST", "VIRTUAL_ENV"))}
    return kept | {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1"} | more


def start(checkout: Path, *words: str, python: str = BASE_PYTHON, **more: str) -> Ended:
    command = [python, str(checkout / "run.py"), *words]
    done = subprocess.run(command, cwd="/", env=surroundings(**more), capture_output=True, text=True, timeout=PATIENCE, check=False)
    return Ended(done.returncode, done.stdout, done.stderr)


def set_up_said(ended: Ended) -> bool:
    return "Setting up" in ended.err


def test_the_first_start_makes_it_and_the_second_installs_nothing(first: FirstStart) -> None:
    assert set_up_said(first.said)
    # stdout is the verb's own: all that the set-up says stands on stderr.
    assert first.said.document == {"python": str(first.checkout / ".venv"), "words": ["hello", "--json"], "env": "demo"}
    second = start(first.checkout, "hello")
    assert (second.code, second.err) == (0, "")


def test_changed_requirements_are_installed_by_the_next_start(started: Path) -> None:
    (started / "requirements.txt").write_text("# nothing, but another day\n")
    assert set_up_said(start(started))
    assert not set_up_said(start(started))


def test_only_test_and_bench_ask_for_the_development_packages(started: Path) -> None:
    (started / "requirements-dev.txt").write_text("# more\n")
    assert not set_up_said(start(started))
    assert set_up_said(start(started, "test"))
    assert not set_up_said(start(started, "bench"))
    assert not set_up_said(start(started))


def test_a_start_under_its_own_python_works_as_well(started: Path) -> None:
    own = str(started / ".venv" / "bin" / "python")
    assert start(started, python=own).err == ""
    (started / "requirements.txt").write_text("# nothing, but another day\n")
    again = start(started, python=own)
    assert (again.code, set_up_said(again)) == (0, True)


def test_two_first_starts_at_once_both_end_well(checkout: Path) -> None:
    command = [BASE_PYTHON, str(checkout / "run.py")]
    both = [
        subprocess.Popen(command, env=surroundings(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd="/") for _ in range(2)
    ]
    said = [one.communicate(timeout=PATIENCE) for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sum("Set up in" in err for _, err in said) == 1


def test_a_kill_in_the_middle_leaves_nothing_that_stops_the_next_start(checkout: Path, quickly: dict[str, str]) -> None:
    # A requirement that is not to be had keeps the installer busy, or ends it: killed either way before it is done.
    (checkout / "requirements.txt").write_text("nowhere-to-be-found==1.0 --hash=sha256:" + "0" * 64 + "\n")
    first = subprocess.Popen(
        [BASE_PYTHON, str(checkout / "run.py")],
        env=surroundings(**quickly), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True,
    )  # fmt: skip
    until = time.monotonic() + PATIENCE
    while not (checkout / ".venv").exists() and time.monotonic() < until:
        time.sleep(0.01)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    assert not (checkout / ".venv" / "stamp.json").exists()
    (checkout / "requirements.txt").write_text("# nothing\n")
    assert start(checkout, **quickly).code == 0


def test_packages_that_cannot_be_had_are_a_sentence_and_not_a_traceback(checkout: Path, quickly: dict[str, str]) -> None:
    (checkout / "requirements.txt").write_text("nowhere-to-be-found==1.0 --hash=sha256:" + "0" * 64 + "\n")
    refused = start(checkout, "check", "--json", **quickly)
    assert refused.code == 1
    assert refused.document["type"] == "/problems/cannot_start"
    assert "could not be installed" in refused.err
    assert "Traceback" not in refused.err


def a_wheel(folder: Path, body: str) -> str:
    """A package `tiny` 1.0 in the folder; gives its SHA-256."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    about = {
        "tiny.py": body,
        "tiny-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n",
        "tiny-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(path, "w") as wheel:
        for name, text in about.items():
            wheel.writestr(zipfile.ZipInfo(name), text)  # of no particular moment: the same body is the same wheel
        wheel.writestr(
            zipfile.ZipInfo("tiny-1.0.dist-info/RECORD"), "".join(f"{name},,\n" for name in about) + "tiny-1.0.dist-info/RECORD,,\n"
        )
    return hashlib.sha256(path.read_bytes()).hexdigest()


def test_a_package_that_is_not_what_was_pinned_is_refused(started: Path, tmp_path: Path) -> None:
    pinned = a_wheel(tmp_path, "honest = True")
    (started / "requirements.txt").write_text(f"--no-index\n--find-links {tmp_path}\ntiny==1.0 --hash=sha256:{pinned}\n")
    a_wheel(tmp_path, "honest = False")
    refused = start(started)
    assert refused.code == 1
    assert "hash" in refused.err.lower()
    a_wheel(tmp_path, "honest = True")
    assert start(started).code == 0
    assert next((started / ".venv").rglob("tiny.py")).read_text() == "honest = True"


def test_a_python_without_ensurepip_hears_what_to_install(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "ensurepip.py").write_text("raise ImportError\n")
    refused = start(checkout, PYTHONPATH=str(tmp_path / "broken"), PATH="/usr/bin:/bin")
    assert refused.code == 1
    assert refused.err.splitlines()[-1].endswith("sudo apt install python3-venv")


def test_an_old_python_hears_which_one_is_needed(checkout: Path) -> None:
    pretend = f"import sys; sys.path.insert(0, {str(checkout)!r}); sys.version_info = (3, 9, 2); import run; sys.exit(run.main([]))"
    done = subprocess.run([BASE_PYTHON, "-c", pretend], capture_output=True, text=True, check=False, env=surroundings())
    assert (done.returncode, done.stdout) == (1, "")
    assert "3.11" in done.stderr


def test_an_environment_whose_python_is_gone_is_made_anew(started: Path, quickly: dict[str, str]) -> None:
    (started / ".venv" / "bin" / "python").unlink()
    again = start(started, **quickly)
    assert (again.code, set_up_said(again)) == (0, True)


def test_an_environment_of_another_python_is_made_anew(started: Path, quickly: dict[str, str]) -> None:
    # As after a distribution's upgrade: the same path now leads to a newer Python, which finds none of the packages.
    stamp = started / ".venv" / "stamp.json"
    stamp.write_text(json.dumps(json.loads(stamp.read_text()) | {"python": "3.10"}))
    again = start(started, **quickly)
    assert (again.code, set_up_said(again)) == (0, True)
    assert json.loads(stamp.read_text())["python"] == "{}.{}".format(*sys.version_info[:2])


def test_a_bad_setting_is_refused_before_anything_is_installed(checkout: Path) -> None:
    refused = start(checkout, "check", "--json", LENDING_PORT="eighty")
    assert refused.code == 1
    assert refused.document["type"] == "/problems/setting_refused"
    assert refused.document["detail"].startswith("LENDING_PORT")
    assert not (checkout / ".venv").exists()
