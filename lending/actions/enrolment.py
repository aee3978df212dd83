"""Enrolling a woman in a group: who she is, whether she may be of it, and her number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, insert, select

from lending import clock
from lending.actions.audit import note
from lending.actions.once import first_wins
from lending.actions.sealing import blind_index, seal
from lending.database import lock, session, transaction
from lending.domain.access import Actor, Permission
from lending.domain.calendar import check_not_later
from lending.domain.eligibility import check_purpose
from lending.domain.groups import LARGEST_GROUP, is_odd_sub_group, next_sub_group
from lending.domain.identity import Nik, check_age, check_name, parse_kk, parse_nik, parse_phone
from lending.domain.refusals import Conflict, Gathered, Refusal, Warned
from lending.models import Consent, Group, Member, Membership
from lending.models.base import table_of
from lending.queries.admin import knows_region, serves
from lending.queries.scope import require_group

_RT_RW = re.compile(r"[0-9]{1,3}", re.ASCII)


@dataclass(frozen=True)
class NewMember:
    """A woman who joins a group. Numbers as they were typed; `kelurahan` a code; `joined_on` None is today."""

    name: str
    nik: str
    birth_date: date
    address: str
    rt: str
    rw: str
    kelurahan: str
    consents: tuple[str, ...] = ()
    kk: str | None = None
    phone: str | None = None
    sub_group: int | None = None
    joined_on: date | None = None


@dataclass(frozen=True)
class Enrolled:
    """A new member with her number, such as `JMB-0007-01`, which says nothing about her."""

    id: int
    number: str
    warnings: tuple[Warned, ...]


@dataclass(frozen=True)
class _Checked:
    """A new member's particulars as they will be stored."""

    name: str
    kk: str | None
    phone: str | None
    joined_on: date
    sub_group: int


def enrol(group_id: int, new: NewMember, by: Actor) -> Enrolled:
    """Enrol a woman in a group.

    Refused: `not_found`; at `nik` `nik_format nik_date nik_region nik_serial not_a_woman` and `nik_taken` (409, known anywhere); at their
    fields `name_length name_characters kk_format phone_format age_out_of_range kelurahan_unknown kelurahan_not_served rt_rw_format
    consent_unknown future_date too_small too_large`; `group_too_large` above thirty women. All fields' faults come at once.
    Warned: `nik_birth_date_differs`, `nik_region_unknown`, `sub_group_size`.
    """
    by.require(Permission.MANAGE_MEMBERS)
    with transaction():
        group = require_group(by, group_id)
        lock(Group.id, group_id)
        found = Gathered()
        nik: Nik | None = None
        with found:
            nik = parse_nik(new.nik, today=by.today)
        index = None if nik is None else _require_unknown(nik, by)
        taken = _sub_groups(group_id, new.joined_on or by.today)
        checked = _check(new, group, taken, by, found)
        assert nik is not None  # otherwise its refusal was raised with the others
        assert index is not None
        if len(taken) >= LARGEST_GROUP:
            raise Refusal("group_too_large", size=len(taken), largest=LARGEST_GROUP)
        number, now = _next_number(group.code), clock.now()
        member = Member(
            unit_id=group.unit_id,
            number=number,
            name=checked.name,
            nik_sealed=seal(nik.number, "nik", number),
            nik_index=index,
            nik_last4=nik.number[-4:],
            kk_sealed=None if checked.kk is None else seal(checked.kk, "kk", number),
            kk_index=None if checked.kk is None else blind_index(checked.kk, "kk"),
            kk_last4=None if checked.kk is None else checked.kk[-4:],
            birth_date=new.birth_date,
            phone=checked.phone,
            address=new.address,
            rt=new.rt.zfill(3),
            rw=new.rw.zfill(3),
            kelurahan=new.kelurahan,
            enrolled_at=now,
        )
        with first_wins("nik_taken", at="nik"):
            session.add(member)
            session.flush()
        session.add(Membership(group_id=group_id, member_id=member.id, sub_group=checked.sub_group, joined_on=checked.joined_on))
        _add_consents(member.id, new.consents, now, by)
        after = {"number": number, "group": group_id, "joined_on": checked.joined_on, "consents": sorted(set(new.consents))}
        note(by, "members.enrol", f"member:{member.id}", at=now, after=after)
        return Enrolled(member.id, number, _doubts(new, nik, checked.sub_group, taken))


def _add_consents(member_id: int, purposes: Sequence[str], at: datetime, by: Actor) -> None:
    """What she agrees to on joining, in one statement."""
    about = {"member_id": member_id, "given": True, "on_day": by.today, "recorded_at": at, "actor_id": by.user_id}
    if rows := [{**about, "purpose": purpose} for purpose in dict.fromkeys(purposes)]:
        session.connection().execute(insert(table_of(Consent)), rows)


def _require_unknown(nik: Nik, by: Actor) -> str:
    """The NIK's index; `nik_taken` where it is known anywhere, naming her number only inside one's own unit."""
    index = blind_index(nik.number, "nik")
    known = session.execute(select(Member.number, Member.unit_id).where(Member.nik_index == index)).one_or_none()
    if known is not None:
        raise Conflict("nik_taken", at="nik", number=known.number if known.unit_id == by.unit_id else None)
    return index


def _sub_groups(group_id: int, on: date) -> list[int]:
    """The sub-group of each woman who belongs to the group on that day or will."""
    question = select(Membership.sub_group).where(Membership.group_id == group_id, Membership.left_on.is_(None) | (Membership.left_on > on))
    return list(session.scalars(question))


def _check(new: NewMember, group: Group, taken: Sequence[int], by: Actor, found: Gathered) -> _Checked:
    """The other particulars; raises all faults, those already in `found` among them."""
    with found:
        name = check_name(new.name)
    with found:
        kk = parse_kk(new.kk) if new.kk else None
    with found:
        phone = parse_phone(new.phone) if new.phone else None
    with found:
        check_age(new.birth_date, by.today)
    with found:
        if not knows_region(new.kelurahan, "kelurahan"):
            raise Refusal("kelurahan_unknown", at="kelurahan", kelurahan=new.kelurahan)
        if not serves(group.unit_id, new.kelurahan):
            raise Refusal("kelurahan_not_served", at="kelurahan", kelurahan=new.kelurahan)
    for at, text in (("rt", new.rt), ("rw", new.rw)):
        with found:
            if _RT_RW.fullmatch(text) is None:
                raise Refusal("rt_rw_format", at=at)
    with found:
        sub_group = next_sub_group(taken) if new.sub_group is None else new.sub_group
        if sub_group < 1:
            raise Refusal("too_small", at="sub_group", smallest=1)
        if sub_group > LARGEST_GROUP:
            raise Refusal("too_large", at="sub_group", largest=LARGEST_GROUP)
    for place, purpose in enumerate(new.consents):
        with found:
            check_purpose(purpose, f"consents.{place}")
    with found:
        joined_on = new.joined_on or by.today
        check_not_later(joined_on, "joined_on", today=by.today)
    found.refuse()
    return _Checked(name, kk, phone, joined_on, sub_group)


def _doubts(new: NewMember, nik: Nik, sub_group: int, taken: Sequence[int]) -> tuple[Warned, ...]:
    doubts = []
    if nik.birth_date != new.birth_date:
        doubts.append(Warned("birth_date", "nik_birth_date_differs", {"on": nik.birth_date}))
    if not knows_region(nik.region, "kecamatan"):
        doubts.append(Warned("nik", "nik_region_unknown"))
    if is_odd_sub_group(sub_group, taken):
        doubts.append(Warned("sub_group", "sub_group_size", {"sub_group": sub_group}))
    return tuple(doubts)


def _next_number(group_code: str) -> str:
    """The next number of the group; the caller holds the group. Numbers are never given twice, for members are never deleted."""
    given = session.scalar(select(func.count()).where(Member.number.startswith(f"{group_code}-", autoescape=True)))
    return f"{group_code}-{1 + (given or 0):02}"
