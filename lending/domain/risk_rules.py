"""The rules of risk as data: what class lateness makes, with its tolerance, and what each class or bucket asks to be set aside.

Each is known by its code and holds from a day on; the version before it stays what it was, so that a past day keeps its figures. A new
version begins tomorrow at the earliest: an evening that is closed keeps the rules by which it was closed, in every zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from lending.domain.arrears import REGIMES, LatenessUnit, QualityClass, QualityRegime
from lending.domain.money import Rupiah
from lending.domain.portfolio import CLASS_RATES_BP, PROVISION_SCHEMES, ProvisionScheme
from lending.domain.refusals import FieldFault, Refusal

CLASS_RATES = "classes"
"""The code of the rates that go by class."""

CODES = (*REGIMES, CLASS_RATES, *PROVISION_SCHEMES)

LATEST = {LatenessUnit.WEEKS: 520, LatenessUnit.DAYS: 3_650}
"""No bound lies further than ten years."""

MOST_TOLERANCE_DAYS = 30
MOST_TOLERANCE_RUPIAH: Rupiah = 100_000
WHOLE_BP = 10_000
MOST_BUCKETS = 12

Terms = Mapping[str, Any]
"""One version as it is stored and told: see `terms_of_regime` and its neighbours."""


@dataclass(frozen=True)
class RiskRules:
    """What holds on one day."""

    regimes: tuple[QualityRegime, ...]
    class_rates_bp: Mapping[str, int]
    schemes: Mapping[str, ProvisionScheme]

    def regime(self, code: str) -> QualityRegime:
        """The regime of that code."""
        return next(one for one in self.regimes if one.code == code)


SHIPPED = RiskRules(tuple(REGIMES.values()), CLASS_RATES_BP, PROVISION_SCHEMES)
"""What the programme ships: it holds where no row says otherwise."""


def terms_of_regime(regime: QualityRegime) -> dict[str, Any]:
    """How a regime is stored: what it counts, the upper bound of each class but the last, and its tolerances."""
    return {
        "counts": regime.unit.value,
        "upper": {quality.value: bound for bound, quality in regime.bounds},
        "beyond": regime.beyond.value,
        "tolerance_days": regime.tolerance_days,
        "tolerance_rupiah": regime.tolerance_rupiah,
    }


def terms_of_rates(rates_bp: Mapping[str, int]) -> dict[str, Any]:
    """How rates by class are stored: in basis points."""
    return {"rates_bp": {str(QualityClass(quality).value): rate for quality, rate in rates_bp.items()}}


def terms_of_scheme(scheme: ProvisionScheme) -> dict[str, Any]:
    """How rates by lateness are stored: the upper day of each bucket but the last, and a rate for each, in basis points."""
    return {"upper_days": list(scheme.upper_days), "rates_bp": list(scheme.rates_bp)}


def shipped_terms() -> dict[str, dict[str, Any]]:
    """The shipped rules, by code, as they are stored."""
    found = {code: terms_of_regime(regime) for code, regime in REGIMES.items()}
    found[CLASS_RATES] = terms_of_rates(CLASS_RATES_BP)
    return found | {code: terms_of_scheme(scheme) for code, scheme in PROVISION_SCHEMES.items()}


def rules_of(stored: Mapping[str, Terms]) -> RiskRules:
    """The rules that these terms make, the shipped ones where there are none."""
    regimes = tuple(_regime(code, stored[code]) if code in stored else shipped for code, shipped in REGIMES.items())
    rates = stored[CLASS_RATES]["rates_bp"] if CLASS_RATES in stored else CLASS_RATES_BP
    schemes = {code: _scheme(stored[code]) if code in stored else shipped for code, shipped in PROVISION_SCHEMES.items()}
    return RiskRules(regimes, rates, schemes)


def _regime(code: str, terms: Terms) -> QualityRegime:
    bounds = tuple((int(bound), quality) for quality in QualityClass if (bound := terms["upper"].get(quality.value)) is not None)
    unit, beyond = LatenessUnit(terms["counts"]), QualityClass(terms["beyond"])
    return QualityRegime(code, unit, bounds, beyond, terms["tolerance_days"], terms["tolerance_rupiah"])


def _scheme(terms: Terms) -> ProvisionScheme:
    return ProvisionScheme(tuple(terms["upper_days"]), tuple(terms["rates_bp"]))


def check_terms(code: str, terms: Terms) -> None:
    """Refuse terms that make no sense, each fault at its field (`upper.dpk`, `rates_bp.3`, `upper_days`, …).

    Refused: `required`, `out_of_range`, `must_rise`, `one_rate_a_bucket`.
    """
    faults: list[FieldFault] = []
    if code in REGIMES:
        faults += _regime_faults(terms, LatenessUnit(terms["counts"]))
    elif code == CLASS_RATES:
        faults += _rates_faults([(f"rates_bp.{quality.value}", terms["rates_bp"].get(quality.value)) for quality in QualityClass])
    else:
        upper, rates = list(terms["upper_days"]), list(terms["rates_bp"])
        if not 1 <= len(upper) < MOST_BUCKETS or not all(0 <= one <= LATEST[LatenessUnit.DAYS] for one in upper):
            faults.append(FieldFault("upper_days", "out_of_range"))
        elif sorted(set(upper)) != upper:
            faults.append(FieldFault("upper_days", "must_rise"))
        elif len(rates) != len(upper) + 1:
            faults.append(FieldFault("rates_bp", "one_rate_a_bucket", {"buckets": len(upper) + 1}))
        faults += _rates_faults([("rates_bp", rate) for rate in rates])[:1]
    if faults:
        raise Refusal(faults[0].code, faults=faults, **faults[0].facts)


def _regime_faults(terms: Terms, unit: LatenessUnit) -> list[FieldFault]:
    faults: list[FieldFault] = []
    before = -1
    for quality in list(QualityClass)[:-1]:
        at, bound = f"upper.{quality.value}", terms["upper"].get(quality.value)
        if bound is None:
            if quality is QualityClass.LANCAR:
                faults.append(FieldFault(at, "required"))
        elif not 0 <= bound <= LATEST[unit]:
            faults.append(FieldFault(at, "out_of_range"))
        elif bound <= before:
            faults.append(FieldFault(at, "must_rise"))
        else:
            before = bound
    for name, most in (("tolerance_days", MOST_TOLERANCE_DAYS), ("tolerance_rupiah", MOST_TOLERANCE_RUPIAH)):
        if not 0 <= terms[name] <= most:
            faults.append(FieldFault(name, "out_of_range"))
    return faults


def _rates_faults(rates: Iterable[tuple[str, int | None]]) -> list[FieldFault]:
    """Rates are there, none is above the whole, and what is worse asks for no less."""
    before = 0
    faults: list[FieldFault] = []
    for at, rate in rates:
        if rate is None:
            faults.append(FieldFault(at, "required"))
        elif not 0 <= rate <= WHOLE_BP:
            faults.append(FieldFault(at, "out_of_range"))
        elif rate < before:
            faults.append(FieldFault(at, "must_rise"))
        else:
            before = rate
    return faults


def check_valid_from(valid_from: date, today: date) -> None:
    """Refuse (`from_tomorrow`) a version that would change an evening that is over, or that is over somewhere already."""
    if valid_from <= today:
        raise Refusal("from_tomorrow", at="valid_from", today=today)
