"""How a loan ends early, and what still comes on it, as pages: asked, then shown with what would be booked, and only then stored."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from lending.actions import endings as acts
from lending.actions.effects import Effect
from lending.domain.access import Actor, Permission
from lending.domain.ledger import CODES, Account
from lending.queries import endings as ended
from lending.queries import loans as questions
from lending.queries import savings
from lending.queries.loans import LoanAsOf
from lending.web.filters import rupiah
from lending.web.forms import HouseForm
from lending.web.guards import needs
from lending.web.loans import forms
from lending.web.loans.routes import Shown, pages
from lending.web.login import me

Facts = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class _Way:
    """One way in which a loan ends, or money comes on one that has: its words, its form, what it would do, and the act."""

    permission: Permission
    title: Any
    button: Any
    icon: str
    form: type[HouseForm]
    ask: Callable[[int, Any, Actor], Effect]
    act: Callable[[int, Any, Actor], object]
    facts: Callable[[LoanAsOf, Effect], Facts]
    said: Any
    so: Sequence[Any] = ()
    hints: Mapping[str, Any] = field(default_factory=dict)
    danger: bool = False


def _settling(loan_id: int, form: Any, by: Actor, *, dry_run: bool) -> Effect:
    return acts.settle(loan_id, by, acts.Settlement(form.on.data, form.rebate.data), dry_run=dry_run)


def _writing_off(loan_id: int, form: Any, by: Actor, *, dry_run: bool) -> Effect:
    return acts.write_off(loan_id, by, reason=form.reason.data, on=form.on.data, dry_run=dry_run)


def _dying(loan_id: int, form: Any, by: Actor, *, dry_run: bool) -> Effect:
    claim = form.claim.data == forms.YES
    return acts.record_death(loan_id, by, reason=form.reason.data, claim=claim, on=form.on.data, dry_run=dry_run)


def _received(form: Any) -> acts.Received:
    return acts.Received(form.key.data, form.on.data, form.amount.data)


def _of_settling(seen: LoanAsOf, effect: Effect) -> Facts:
    return (
        (_("Sisa pokok"), rupiah(-effect.of(Account.LOAN_PRINCIPAL))),
        (_("Margin yang belum dibayar"), rupiah(-effect.of(Account.MARGIN_INCOME))),
        (_("Potongan margin (muqasah)"), rupiah(effect.of(Account.REBATE))),
        (_("Uang yang diterima dari anggota"), rupiah(effect.received)),
    )


def _of_loss(seen: LoanAsOf, effect: Effect) -> Facts:
    principal = -effect.of(Account.LOAN_PRINCIPAL)
    return (
        (_("Pokok yang dihapusbukukan"), rupiah(principal)),
        (_("Margin yang tidak jadi diterima"), rupiah(seen.outstanding_total - principal)),
    )


def _of_death(seen: LoanAsOf, effect: Effect) -> Facts:
    kept, upj = savings.balances(seen.loan.member_id)
    principal = -effect.of(Account.LOAN_PRINCIPAL)
    borne = _("Ditagihkan ke asuransi") if effect.of(Account.DEATH_CLAIM) else _("Pokok yang ditanggung unit")
    return (
        (borne, rupiah(principal)),
        (_("Margin yang tidak jadi diterima"), rupiah(seen.outstanding_total - principal)),
        (_("Tetap milik ahli waris"), _("tabungan %(savings)s, UPJ %(upj)s", savings=rupiah(kept), upj=rupiah(upj))),
    )


def _of_money(seen: LoanAsOf, effect: Effect) -> Facts:
    how = ended.ending(seen)
    left = how.written_off.left if how.written_off else how.cleared.left if how.cleared else 0
    return (
        (_("Uang yang diterima"), rupiah(effect.received)),
        (_("Masih bisa masuk sesudahnya"), rupiah(left - effect.received)),
    )


WAYS: Mapping[str, _Way] = {
    "settle": _Way(
        Permission.SETTLE_LOAN,
        _l("Lunasi lebih awal"),
        _l("Terima pelunasan"),
        "hand-coins",
        forms.SettleForm,
        lambda loan_id, form, by: _settling(loan_id, form, by, dry_run=True),
        lambda loan_id, form, by: _settling(loan_id, form, by, dry_run=False),
        _of_settling,
        _l("Pelunasan diterima. Pinjaman ini lunas."),
        so=(_l("Uangnya masuk brankas, dan pinjaman menjadi lunas."), _l("UPJ-nya boleh dikembalikan atau dipindah ke tabungan.")),
        hints={"rebate": _l("Paling banyak margin yang belum dibayar. Tulis 0 bila tidak ada.")},
    ),
    "write-off": _Way(
        Permission.END_LOAN,
        _l("Hapusbukukan pinjaman"),
        _l("Hapusbukukan"),
        "ban",
        forms.WriteOffForm,
        lambda loan_id, form, by: _writing_off(loan_id, form, by, dry_run=True),
        lambda loan_id, form, by: _writing_off(loan_id, form, by, dry_run=False),
        _of_loss,
        _l("Pinjaman dihapusbukukan."),
        so=(
            _l("Sejak hari itu pinjaman tidak ditagih di pertemuan dan tidak dihitung dalam PAR. Ini tidak bisa dibatalkan."),
            _l("Uang yang masih datang dicatat di halaman pinjaman ini sebagai penerimaan hapus buku."),
        ),
        hints={"reason": _l("Dibaca auditor: mengapa tidak akan kembali, dan apa yang sudah dicoba.")},
        danger=True,
    ),
    "death": _Way(
        Permission.END_LOAN,
        _l("Catat anggota meninggal"),
        _l("Catat meninggal"),
        "file-text",
        forms.DeathForm,
        lambda loan_id, form, by: _dying(loan_id, form, by, dry_run=True),
        lambda loan_id, form, by: _dying(loan_id, form, by, dry_run=False),
        _of_death,
        _l("Dicatat. Tidak ada lagi yang ditagih; tabungan dan UPJ menunggu ahli waris."),
        so=(
            _l("Sejak hari itu tidak ada yang ditagih, dan ia bukan anggota kelompok lagi. Ini tidak bisa dibatalkan."),
            _l("Kelompok tidak menanggung apa pun untuknya."),
        ),
        hints={"on": _l("Hari meninggalnya; tidak sebelum pembayarannya yang terakhir."), "reason": _l("Misalnya: sakit, kecelakaan.")},
        danger=True,
    ),
    "recovery": _Way(
        Permission.RECOVER,
        _l("Terima uang atas pinjaman hapus buku"),
        _l("Terima"),
        "wallet",
        forms.ReceivedForm,
        lambda loan_id, form, by: acts.recovery_effect(loan_id, _received(form), by),
        lambda loan_id, form, by: acts.recover(loan_id, _received(form), by),
        _of_money,
        _l("Penerimaan dicatat."),
        so=(_l("Uangnya masuk brankas sebagai pendapatan; pinjaman tetap hapus buku."),),
    ),
    "claim": _Way(
        Permission.RECOVER,
        _l("Terima pembayaran asuransi"),
        _l("Terima"),
        "wallet",
        forms.ReceivedForm,
        lambda loan_id, form, by: acts.claim_effect(loan_id, _received(form), by),
        lambda loan_id, form, by: acts.receive_claim(loan_id, _received(form), by),
        _of_money,
        _l("Pembayaran asuransi dicatat."),
        so=(_l("Uangnya masuk brankas dan mengurangi tagihan ke asuransi."),),
    ),
}
"""What can be done, by the word in its address."""


@pages.route('/loans/<int:loan_id>/<any(settle, "write-off", death, recovery, claim):way>', methods=["GET", "POST"])
@needs(Permission.SEE_LOANS)
def ending(loan_id: int, way: str) -> Shown:
    """One of the ways, asked, shown and stored."""
    by = me()
    about = WAYS[way]
    seen = questions.as_of(by, loan_id, by.today)
    by.require(about.permission)
    form: Any = about.form(key=str(uuid.uuid4()), on=by.today)
    step = request.form.get("step")
    if step == "store" and form.done(lambda: about.act(loan_id, form, by)):
        flash(about.said, "good")
        return redirect(url_for("loans.detail", loan_id=loan_id), 303)
    effects: list[Effect] = []
    if step == "preview":
        form.done(lambda: effects.append(about.ask(loan_id, form, by)))
    effect = effects[0] if effects else None
    facts = about.facts(seen, effect) if effect else _stands(seen)
    page = render_template("loans/ending.html", way=about, loan=seen.loan, form=form, effect=effect, facts=facts, codes=CODES)
    return page, form.answer_status


def _stands(seen: LoanAsOf) -> Facts:
    how = ended.ending(seen)
    if how.written_off:
        return ((_("Masih bisa masuk"), rupiah(how.written_off.left)),)
    if how.cleared:
        return ((_("Sisa klaim"), rupiah(how.cleared.left)),)
    return (
        (_("Sisa pokok"), rupiah(seen.outstanding_principal)),
        (_("Margin yang belum dibayar"), rupiah(seen.outstanding_total - seen.outstanding_principal)),
    )
