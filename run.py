#!/usr/bin/env python3
"""Start here: `python run.py`. Makes the house's own Python in `.venv` when it is missing or out of date, then hands every verb to it.

Standard library only, and nothing newer than Python 3.7 in its text, so that an old Python still gets a sentence and not a traceback.
What it says before the verb's own output goes to stderr: stdout belongs to the verb.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "stamp.json"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
RUN_LOCK, DEV_LOCK = ROOT / "requirements.txt", ROOT / "requirements-dev.txt"

# Verbs that need the development packages too; everything else starts without them.
DEV_VERBS = ("test", "bench")


class CannotStart(Exception):
    """Something on this machine is missing; the text is the sentence to show."""


def main(argv: list[str]) -> int:
    """Run one verb and return its exit code: 0 done, 1 refused with a sentence, 2 wrong words."""
    if sys.version_info < (3, 11):  # noqa: UP036  (asked before anything can be promised)
        say(f"Maju Bersama needs Python 3.11 or newer; this is {python_version()}.")
        say("Install a newer one (Debian, Ubuntu: sudo apt install python3) and start again with that.")
        return 1
    try:
        if not inside_venv() or not is_ready(argv):
            refuse_bad_settings(argv)
            set_up(dev=needs_dev(argv))
            become(argv)
    except CannotStart as problem:
        return refuse(argv, "cannot_start", str(problem))
    return hand_over(argv)


def hand_over(argv: list[str]) -> int:
    """Give the words to the terminal's door, under the house's own Python."""
    from config import SettingRefused, Settings
    from lending.cli import main as lending_main

    try:
        return lending_main(argv, lambda: Settings.from_environment(os.environ, ROOT))
    except SettingRefused as no:
        return refuse(argv, "setting_refused", str(no))


def application() -> object:
    """The WSGI application, for a server of your own: `.venv/bin/gunicorn --worker-class gthread "run:application()"`."""
    from config import Settings
    from lending.cli import application as lending_application

    return lending_application(Settings.from_environment(os.environ, ROOT))


def refuse_bad_settings(argv: list[str]) -> None:
    """Say no to a bad setting before anybody waits for an installation; `test` brings settings of its own."""
    from config import SettingRefused, Settings

    if argv[:1] == ["test"]:
        return
    try:
        Settings.from_environment(os.environ, ROOT)
    except SettingRefused as no:
        sys.exit(refuse(argv, "setting_refused", str(no)))


# ---- the set-up ------------------------------------------------------------------------------------------------------------------------


def needs_dev(argv: list[str]) -> bool:
    """Whether this verb needs the development packages."""
    return bool(argv) and argv[0] in DEV_VERBS


def inside_venv() -> bool:
    """Whether this very process is the house's own Python."""
    return Path(sys.prefix).resolve() == VENV.resolve()


def is_ready(argv: list[str]) -> bool:
    """Whether `.venv` holds what the pinned requirements say, for the Python that it runs on now."""
    return is_stamped(needs_dev(argv)) and read_stamp().get("python") == python_version()


def python_version() -> str:
    """Major and minor: compiled packages fit one of these."""
    return f"{sys.version_info[0]}.{sys.version_info[1]}"


def wanted(dev: bool) -> str:
    """The fingerprint of what should be installed."""
    digest = hashlib.sha256(RUN_LOCK.read_bytes())
    if dev:
        digest.update(DEV_LOCK.read_bytes())
    return digest.hexdigest()


def read_stamp() -> dict[str, str]:
    """What the last finished installation left, or nothing."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def is_stamped(dev: bool) -> bool:
    """Whether the installed packages are those that the requirements name."""
    stamp = read_stamp()
    return stamp.get("run") == wanted(False) and (not dev or stamp.get("dev") == wanted(True))


def set_up(dev: bool) -> None:
    """Make `.venv` right. Safe when two starts meet (the second waits) and after a kill (an unfinished one is made anew)."""
    if is_stamped(dev) and venv_fits():
        return
    with only_one():
        if not venv_fits():
            install(dev, fresh=True)
        elif not is_stamped(dev):
            install(dev, fresh=False)


def venv_fits() -> bool:
    """Whether `.venv` was finished once and still has its Python: the same, or any other that is new enough and in its place."""
    stamp = read_stamp()
    if not stamp or not PYTHON.exists():
        return False
    return not inside_venv() or stamp.get("python") == python_version()


def install(dev: bool, fresh: bool) -> None:
    """Put the pinned packages into `.venv`. Without the stamp, which is written last, the next start begins again from nothing."""
    started = time.monotonic()
    stamp = read_stamp()
    dev = dev or "dev" in stamp
    say(f"Setting up Maju Bersama in {VENV.name} (once; about half a minute) …")
    STAMP.unlink(missing_ok=True)
    uv = shutil.which("uv")
    if not (uv and install_with_uv(uv, dev, fresh)):
        install_with_pip(dev, fresh or bool(uv))
    finished = {"python": python_version() if fresh else stamp["python"], "run": wanted(False)}
    if dev:
        finished["dev"] = wanted(True)
    draft = STAMP.with_name(f"stamp.{os.getpid()}")
    draft.write_text(json.dumps(finished), encoding="utf-8")
    draft.replace(STAMP)
    say(f"Set up in {time.monotonic() - started:.0f} s.")


def install_with_uv(uv: str, dev: bool, fresh: bool) -> bool:
    """The quick way, where uv is there; False where it does not come through, and pip may try."""
    lock = str(DEV_LOCK if dev else RUN_LOCK)
    commands = [[uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "--only-binary", ":all:"]]
    commands[0] += ["--compile-bytecode", "-r", lock]
    if fresh:
        remove_venv()
        commands.insert(0, [uv, "venv", "--quiet", "--no-project", "--python", base_python(), str(VENV)])
    return all(subprocess.call(command, stdout=sys.stderr, cwd=str(ROOT)) == 0 for command in commands)


def install_with_pip(dev: bool, fresh: bool) -> None:
    """The way that needs nothing but Python."""
    if fresh:
        remove_venv()
        if subprocess.call([base_python(), "-c", "import ensurepip, venv"], stderr=subprocess.DEVNULL) != 0:
            raise CannotStart("This Python cannot make its own environment. Install what is missing: sudo apt install python3-venv")
        if subprocess.call([base_python(), "-m", "venv", str(VENV)], stdout=sys.stderr) != 0:
            raise CannotStart(f"The environment {VENV.name} could not be made; the lines above say why.")
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check", "--progress-bar", "off"]
    command += ["--require-hashes", "--only-binary", ":all:", "-r", str(DEV_LOCK if dev else RUN_LOCK)]
    # PIP_USER would send the packages past the environment.
    if subprocess.call(command, stdout=sys.stderr, env=dict(os.environ, PIP_USER="0")) != 0:
        raise CannotStart("The packages could not be installed; the lines above say why. Start again with a network: it goes on by itself.")


def base_python() -> str:
    """The Python below any environment: what a new environment stands on."""
    return getattr(sys, "_base_executable", None) or sys.executable


def remove_venv() -> None:
    """Clear away an environment that was not finished, or whose Python is gone."""
    if VENV.is_symlink() or VENV.is_file():
        VENV.unlink()
    elif VENV.exists():
        shutil.rmtree(str(VENV))


@contextmanager
def only_one() -> Iterator[None]:
    """Hold the set-up's lock. The system lets go of it when the process ends, however it ends."""
    with open(str(ROOT / ".venv.lock"), "a+b") as file:  # noqa: PTH123  (Path.open would do the same)
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                say("Another start is setting up; waiting for it …")
                fcntl.flock(file, fcntl.LOCK_EX)
        yield


def become(argv: list[str]) -> NoReturn:
    """Go on as the house's own Python: as the same process where the system can do that, so that signals reach the server."""
    command = [str(PYTHON), str(ROOT / "run.py"), *argv]
    if os.name == "nt":
        sys.exit(subprocess.call(command))
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606  (no shell is wanted)


# ---- saying it -------------------------------------------------------------------------------------------------------------------------


def say(sentence: str) -> None:
    """One line to whoever is at the terminal; never on stdout."""
    print(sentence, file=sys.stderr, flush=True)


def refuse(argv: list[str], code: str, sentence: str) -> int:
    """Refuse before the programme runs: the sentence on stderr and, where `--json` was asked for, a problem document on stdout."""
    if "--json" in argv:
        problem = {"type": f"/problems/{code}", "title": sentence, "status": 422, "detail": sentence, "errors": []}
        print(json.dumps(problem, ensure_ascii=False), flush=True)
    say(sentence)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
