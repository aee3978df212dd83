"""When the house wakes: APScheduler is only the alarm clock. What is to be done is asked of the database at every waking.

APScheduler has no lock between processes and forgets what it missed (stack §1, findings 2–3), so any number of these may run: the claim in
`job_run` decides who closes a date, and a night that was slept through is caught up at the next waking.
"""

from collections.abc import Callable

import structlog
from apscheduler.schedulers.background import BackgroundScheduler
from flask import Flask

from lending import clock
from lending.actions.calendars import extend_calendars
from lending.actions.photos import sweep_pictures
from lending.domain.refusals import Refusal
from lending.jobs.nightly import close_days, look_over
from lending.jobs.sending import send_owed
from lending.queries.admin import system_person

WAKE_EVERY_SECONDS = 60

_log = structlog.get_logger()


def start(app: Flask) -> Callable[[], None]:
    """Start the alarm clock beside this process and return what stops it. The first waking is at once."""
    alarm = BackgroundScheduler(timezone="UTC")
    alarm.add_job(lambda: wake(app), "interval", seconds=WAKE_EVERY_SECONDS, next_run_time=clock.now(), coalesce=True, max_instances=1)
    alarm.start()
    return lambda: alarm.shutdown(wait=True)


def wake(app: Flask) -> None:
    """Close what is open up to yesterday; after a night, keep every group's calendar ahead and sweep the pictures. Then send what is owed.

    A fault is written down, and tried again.
    """
    with app.app_context():
        for zone, day in clock.went_back().items():
            _log.error("the machine's clock went back", zone=zone, business_date=day.isoformat())
        try:
            closed = close_days()
            if closed:
                _log.info("night closed", dates=[on.isoformat() for on in closed])
                person = system_person()
                while extend_calendars(person.acting(clock.today(person.zone))):
                    pass
                sweep_pictures()
            look_over()
        except Refusal as no:
            _log.warning("night refused", code=no.code)
        except Exception:  # noqa: BLE001  (whatever one night meets, the alarm clock goes on; it stands in the log)
            _log.exception("night failed")
        try:
            send_owed()
        except Refusal as no:
            _log.warning("sending refused", code=no.code)
        except Exception:  # noqa: BLE001  (the same holds for what goes out)
            _log.exception("sending failed")
