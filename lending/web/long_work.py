"""Long work in a thread of its own, begun by a request that does not wait for it."""

import threading
from collections.abc import Callable

import structlog
from flask.globals import app_ctx

log = structlog.get_logger()


def start(work: Callable[[], None], *, name: str) -> None:
    """Do this in the background, with the app's context. A fault is logged; who asks after the work sees that it died."""
    app = app_ctx.app

    def run() -> None:
        with app.app_context():
            try:
                work()
            except Exception:
                log.exception("long work failed", name=name)

    threading.Thread(target=run, name=name, daemon=True).start()
