"""What we keep for a woman: her book, line by line, to read with her and to print; and moving it, shown before it is stored."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lending.actions import savings as acts
from lending.actions.effects import Effect
from lending.domain.access import Actor, Permission
from lending.domain.ledger import CODES, Account
from lending.domain.savings import SavingsKind, UpjKind
from lending.queries import members, savings
from lending.web.filters import rupiah
from lending.web.guards import needs
from lending.web.login import me
from lending.web.members import forms
from lending.web.members.routes import Shown, pages


@pages.get("/members/<int:member_id>/savings")
@needs(Permission.SEE_MEMBERS)
def book(member_id: int) -> str:
    """Her savings and her UPJ: every movement with what there was after it."""
    by = me()
    member = members.member(by, member_id)
    kept = [(account, savings.book(by, member_id, account)) for account in savings.KEPT]
    return render_template("members/book.html", member=member, books=kept, moves=_offered(by, member))


@dataclass(frozen=True)
class _Move:
    """One way to move what is hers: who may, what it is called, and what is done."""

    permission: Permission
    kind: SavingsKind | UpjKind
    title: Any
    button: Any
    icon: str
    said: Any


MOVES: Mapping[str, _Move] = {
    "deposit": _Move(
        Permission.MOVE_SAVINGS, SavingsKind.DEPOSIT, _l("Setor tabungan"), _l("Terima setoran"), "plus", _l("Setoran tabungan dicatat.")
    ),
    "withdrawal": _Move(
        Permission.MOVE_SAVINGS, SavingsKind.WITHDRAWAL, _l("Ambil tabungan"), _l("Bayarkan"), "wallet", _l("Pengambilan tabungan dicatat.")
    ),
    "refund": _Move(
        Permission.RELEASE_UPJ, UpjKind.REFUND, _l("Kembalikan UPJ"), _l("Bayarkan UPJ"), "wallet", _l("UPJ dikembalikan kepada anggota.")
    ),
    "to-savings": _Move(
        Permission.RELEASE_UPJ,
        UpjKind.TO_SAVINGS,
        _l("Pindahkan UPJ ke tabungan"),
        _l("Pindahkan"),
        "arrow-right",
        _l("UPJ dipindahkan ke tabungannya."),
    ),
}
"""What can be done, by the word in its address."""


def _offered(by: Actor, member: members.MemberDetail) -> list[tuple[str, Any, str]]:
    """What she may do now, as (word, label, icon): a button stands only where there is something to move."""
    there = {"deposit": member.group is not None, "withdrawal": member.savings > 0}
    may_release = member.upj > 0 and not members.has_running_loan(member.id)
    there |= {"refund": may_release, "to-savings": may_release}
    return [(way, move.title, move.icon) for way, move in MOVES.items() if there[way] and by.may(move.permission)]


@pages.route('/members/<int:member_id>/savings/<any(deposit, withdrawal, refund, "to-savings"):way>', methods=["GET", "POST"])
@needs(Permission.MOVE_SAVINGS)
def move_savings(member_id: int, way: str) -> Shown:
    """Savings in or out, UPJ back or into her savings: asked, shown, and only then stored."""
    by = me()
    about = MOVES[way]
    by.require(about.permission)
    member = members.member(by, member_id)
    form = forms.KeptForm(key=str(uuid.uuid4()), on=by.today, amount=member.upj if isinstance(about.kind, UpjKind) else None)
    step = request.form.get("step")

    def told() -> tuple[str, int, Any, int]:
        return form.key.data, member_id, form.on.data, form.amount.data

    def store() -> None:
        if isinstance(about.kind, SavingsKind):
            acts.move_savings(acts.SavingsMoved(*told(), about.kind), by)
        else:
            acts.release_upj(acts.UpjReleased(*told(), about.kind), by)

    def ask() -> Effect:
        if isinstance(about.kind, SavingsKind):
            return acts.savings_effect(acts.SavingsMoved(*told(), about.kind), by)
        return acts.upj_effect(acts.UpjReleased(*told(), about.kind), by)

    if step == "store" and form.done(store):
        flash(about.said, "good")
        return redirect(url_for("members.book", member_id=member_id), 303)
    effects: list[Effect] = []
    if step == "preview":
        form.done(lambda: effects.append(ask()))
    effect = effects[0] if effects else None
    facts = _after(member, effect)
    page = render_template(
        "members/move_savings.html", member=member, way=way, about=about, form=form, effect=effect, facts=facts, codes=CODES
    )
    return page, form.answer_status


def _after(member: members.MemberDetail, effect: Effect | None) -> list[tuple[str, Any]]:
    """What there is of hers; with an effect, what there will be, and what she gets or gives."""
    if effect is None:
        return [(_("Tabungan"), rupiah(member.savings)), (_("UPJ (titipan anggota)"), rupiah(member.upj))]
    cash = effect.received
    hand = [(_("Uang dari anggota"), rupiah(cash))] if cash > 0 else [(_("Uang kepada anggota"), rupiah(-cash))] if cash else []
    moved = {account: -effect.of(account) for account in savings.KEPT}
    return [
        *hand,
        (_("Tabungan sesudahnya"), rupiah(member.savings + moved[Account.SAVINGS])),
        (_("UPJ sesudahnya"), rupiah(member.upj + moved[Account.UPJ])),
    ]
