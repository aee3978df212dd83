"""Pictures of a visit: kept once each, however often the phone sends them."""

import hashlib
from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from lending import clock, pictures
from lending.actions.audit import note
from lending.actions.once import answered, hold, keep_answer
from lending.database import session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.pictures import MOST_OF_A_VISIT
from lending.domain.refusals import NotFound, Refusal
from lending.models import Photo
from lending.queries.photos import has_not_agreed, require_own_visit, with_rows

_ACT = "mentoring.add_photo"


def add_photo(visit: str, uuid: str, sent: bytes, by: Actor) -> tuple[bool, Mapping[str, Any]]:
    """Keep a picture of her own visit: (whether it was known already, `id` and `warnings`).

    Refused: `not_found`, `not_yours` (403, somebody else's visit), `key_reused` (the uuid with another picture, or of another visit),
    `too_big` (413), `not_a_photo`, `too_many_photos` (eight a visit), `disk_full` (507). Warned: `photo_without_consent`, with the women
    of the visit who have not agreed to photos; she may have photographed the shop.
    """
    by.require(Permission.LOG_VISITS)
    if by.unit_id is None:
        raise NotFound
    require_own_visit(by, visit)
    said = {"visit": visit, "sha256": hashlib.sha256(sent).hexdigest()}
    known = answered(uuid, _ACT, said, by)
    if known is not None:
        return True, known
    picture = pictures.cleaned(sent)  # before the transaction: nobody waits while a large picture is looked at
    with transaction():
        hold(uuid)
        known = answered(uuid, _ACT, said, by)
        if known is not None:
            return True, known
        hold(visit)
        n = 1 + (session.scalar(select(func.count()).where(Photo.visit_uuid == visit)) or 0)
        if n > MOST_OF_A_VISIT:
            raise Refusal("too_many_photos", at="photo", largest=MOST_OF_A_VISIT)
        now = clock.now()
        answer = {"id": uuid, "without_consent": has_not_agreed(visit, by.today)}
        with pictures.laid_down(picture) as file:
            session.add(
                Photo(
                    uuid=uuid,
                    unit_id=by.unit_id,
                    visit_uuid=visit,
                    n=n,
                    author_id=by.user_id,
                    file=file,
                    sha256=picture.sha256,
                    width=picture.width,
                    height=picture.height,
                    recorded_at=now,
                )
            )
            keep_answer(uuid, _ACT, said, answer, by, now)
            note(by, _ACT, f"photo:{uuid}", at=now, after={"visit": visit, "n": n, "sha256": picture.sha256})
            session.flush()
        return False, answer


def sweep_pictures() -> int:
    """Take away the files that a killed act left without a row; how many."""
    return pictures.sweep(with_rows, clock.now().timestamp())
