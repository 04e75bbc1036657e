"""What the two years came to, as plain figures that a report is written from."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from tallystick.base.identifiers import PublicKey
from tallystick.contracts.allowance.events import AllowancesMoved, AllowancesTransferred
from tallystick.contracts.allowance.model import amount_of
from tallystick.contracts.allowance.views import VintageView

from .allowances_cast import YEARS
from .allowances_certified import Certified
from .allowances_desk import Desk, Refusal
from .allowances_floor import Auction
from .allowances_stranger import Inference
from .allowances_trace import Trace, Whereabouts, whereabouts
from .allowances_years import Foreseen, Look, Years


@dataclass(frozen=True, slots=True)
class UnitYear:
    """One unit's account of one year."""

    name: str
    """The unit."""
    company: str
    """Who runs it."""
    zone: str
    """Where it stands."""
    kind: str
    """Its type."""
    size_mw: int
    """Its size. [MW]"""
    period: int
    """The year."""
    rate_g_per_mwh: int
    """Its baseline. [g/MWh]"""
    produced_wh: int
    """What it made. [Wh]"""
    emitted_g: int
    """What it emitted. [g]"""
    due: int
    """What that takes. [allowances]"""
    granted: int
    """What it was allocated, less what was taken back. [allowances]"""
    deduction: int
    """What the year before cost it. [allowances]"""
    bought: int
    """What it received, through the markets or by hand. [allowances]"""
    sold: int
    """What it handed over, through the markets or by hand. [allowances]"""
    surrendered: int
    """What it surrendered. [allowances]"""
    missing: int
    """What was missing at the deadline. [allowances]"""
    has_left: bool
    """Whether it left in this year."""


@dataclass(frozen=True, slots=True)
class ZoneFacts:
    """What one zone came to."""

    zone: str
    """Its name."""
    units: tuple[UnitYear, ...]
    """Every unit's account of every year."""
    vintages: tuple[VintageView, ...]
    """What was issued, and what came of it, by year."""
    stock: tuple[Whereabouts, ...]
    """Where the allowances of all vintages were, after each month."""
    auctions: tuple[Auction, ...]
    """Every auction."""
    inferences: tuple[Inference, ...]
    """What a stranger finds out."""
    refusals: tuple[Refusal, ...]
    """What was tried and must not work."""
    fees: Mapping[str, int]
    """What was collected, by what for. [minor units of money]"""
    undelivered: int
    """What sellers of futures never delivered. [allowances]"""


@dataclass(frozen=True, slots=True)
class Facts:
    """What both zones came to."""

    zones: tuple[ZoneFacts, ...]
    """In order."""
    months: tuple[date, ...]
    """In order."""
    emitted_g: Mapping[tuple[str, date], int]
    """Emissions by unit and month. [g]"""
    foreseen: tuple[Foreseen, ...]
    """What was forecast."""
    certified: Certified
    """One allowance's life and the certificate of its end."""
    names: Mapping[PublicKey, str]
    """Whose accounts keys are, which only the registry knows."""
    readings: int
    """How many measurements were published and counted."""
    unit_grams: int
    """What one allowance allows. [g]"""
    proved: Mapping[str, bool]
    """Each claim, and whether it held."""


def unit_years(desk: Desk, years: Years) -> tuple[UnitYear, ...]:
    """Return every unit's account of every year of a zone."""
    figures = years.figures[desk.zone]
    found = []
    for period, year in enumerate(YEARS):
        bought, sold = _traded(desk, period)
        for member in desk.cast.units:
            plant = member.plant
            if plant is None:
                raise AssertionError(f"{member.name} has no unit")
            owed = desk.obligation(member.name, period)
            found.append(
                UnitYear(
                    name=member.name,
                    company=member.company,
                    zone=desk.zone,
                    kind=plant.facts.type,
                    size_mw=plant.facts.size_mw,
                    period=period,
                    rate_g_per_mwh=years.baselines[member.name, period],
                    produced_wh=figures.produced_wh[member.name, year],
                    emitted_g=figures.emitted_g[member.name, year],
                    due=owed.due,
                    granted=owed.granted,
                    deduction=owed.deduction,
                    bought=bought[member.account.public],
                    sold=sold[member.account.public],
                    surrendered=owed.surrendered,
                    missing=owed.missing,
                    has_left=member.name in desk.left and period == len(YEARS) - 1,
                )
            )
    return tuple(found)


def stock_of(desk: Desk, looks: Iterable[Look]) -> tuple[tuple[Whereabouts, ...], bool]:
    """
    Return where a zone's allowances were after each month, and whether the ledger says the same.

    The history is followed number by number, and stops wherever the ledger was asked.
    """
    trace, done, agree = Trace(), 0, True
    people = set(desk.cast.names())
    by_month: dict[date, list[Whereabouts]] = {}
    for look in looks:
        trace.follow(event for _, event in desk.seen.events[done : look.events])
        done = max(done, look.events)
        vintage = desk.vintage(look.period)
        found = whereabouts(trace, vintage, people)
        by_month.setdefault(look.month, []).append(found)
        agree &= _agrees(trace, look, found, desk)
    stock = tuple(_total(each) for each in by_month.values())
    return stock, agree and not trace.problems


def _agrees(trace: Trace, look: Look, found: Whereabouts, desk: Desk) -> bool:
    """Tell whether the ledger's totals and accounts are what the history comes to."""
    totals, vintage = look.totals, desk.vintage(look.period)
    held = trace.held(vintage)
    told = (totals.surrendered, totals.cancelled, totals.expired)
    ended = tuple(found.ended.get(name, 0) for name in ("surrendered", "cancelled", "expired"))
    return (
        trace.has_no_gap(vintage)
        and len(trace.places[vintage]) == totals.issued
        and told == ended
        and totals.held == found.held + found.clearing
        and all(held[key] == amount for key, amount in look.held)
    )


def _total(parts: list[Whereabouts]) -> Whereabouts:
    """Return several vintages as one."""
    ended: Counter[str] = Counter()
    for part in parts:
        ended.update(part.ended)
    return Whereabouts(
        sum(part.held for part in parts), sum(part.clearing for part in parts), ended
    )


def _traded(desk: Desk, period: int) -> tuple[Counter[PublicKey], Counter[PublicKey]]:
    """Return what each account received and handed over, through the markets or by hand."""
    bought: Counter[PublicKey] = Counter()
    sold: Counter[PublicKey] = Counter()
    moved: list[AllowancesMoved | AllowancesTransferred] = []
    moved += desk.seen.of(AllowancesMoved)
    moved += desk.seen.of(AllowancesTransferred)
    for event in moved:
        if event.vintage == desk.vintage(period):
            bought[event.target] += amount_of(event.blocks)
            sold[event.source] += amount_of(event.blocks)
    return bought, sold
