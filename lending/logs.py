"""What the house writes down about itself: one line an event on stderr, JSON in production; never a NIK, KK or telephone number."""

import logging
import re
import sys
from typing import Any, Literal

import structlog
from structlog.typing import Processor, WrappedLogger

_LONG_NUMBER = re.compile(r"(?<![0-9A-Fa-f-])(?:\+?[0-9]{10,}|\+?[0-9](?:[ .-]?[0-9]){10,19})(?![0-9A-Fa-f-])")
"""Telephone numbers, NIK, KK: ten digits in a row, or eleven with signs between. Dates, receipts and most amounts are shorter; UUIDs are
hexadecimal."""


def write_to_stderr(env: Literal["demo", "test", "production"]) -> None:
    """Send every logger of this process, ours and others', to stderr; stdout belongs to the verbs."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    show: Processor = structlog.processors.JSONRenderer(ensure_ascii=False) if env == "production" else _for_people()
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            # Struck out of the finished line, so that nothing hides in a list, a record or a trace.
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, show, _without_numbers],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("lending").setLevel(logging.INFO)
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)  # a short queue is no event


def _for_people() -> Processor:
    from structlog.dev import ConsoleRenderer, plain_traceback

    return ConsoleRenderer(colors=False, exception_formatter=plain_traceback)


def _without_numbers(_logger: WrappedLogger, _method: str, line: Any) -> str:
    return _LONG_NUMBER.sub("…", line)
