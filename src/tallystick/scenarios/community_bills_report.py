"""Show the lane's bills, where the money went, and what a shared roof has earned."""

from collections.abc import Iterable

from .community_bills import Bill
from .community_figures import Figures
from .community_rules import FEED_IN_PRICE, RETAIL_PRICE, SHARED_PRICE
from .report_data import KILOWATT_HOURS, Section, Share, Table, Unit, write_amount

EXACT = Unit("", base=1_000_000, decimals=6)
ROUNDED = Unit("", base=1_000_000, decimals=2)


def bills_section(figures: Figures) -> Section:
    """Show everybody's bill, and that all of them together are nothing."""
    text = (
        "Each bill is the sum of its lines, to the millionth of a euro; charges are computed once "
        "from the week's totals and rounded down. What members pay, operators and the balancing "
        "account get: all rows of the last table are zero together. The energy a supplier would "
        f"sell costs {RETAIL_PRICE // 10} ct/kWh, and what is fed in brings {FEED_IN_PRICE // 10}. "
        "Receivers' kWh are what they bought and used, donors' what they sold and delivered; the "
        f"{_kwh(sum(figures.matched_wh))} kWh of the headline are what was both in one trade, and "
        "of that a certificate is claimed as far as the readings came in time."
    )
    blocks = (_receivers(figures.receivers), _donors(figures.donors), _everybody(figures))
    return Section("The bills of the week", text, blocks)


def house_section(figures: Figures) -> Section:
    """Show how six flats share a roof."""
    roof = figures.roof
    flats = zip(roof.used_wh, roof.got_wh, roof.paid, roof.income, figures.shares, strict=True)
    rows: list[tuple[str | Share, ...]] = [
        (
            f"Flat {number}",
            _kwh(used),
            _kwh(got),
            Share(got, used),
            _exact(-paid),
            f"{share} %",
            _exact(income),
            _exact(income - paid),
        )
        for number, (used, got, paid, income, share) in enumerate(flats, start=1)
    ]
    used, got, paid, income = map(sum, (roof.used_wh, roof.got_wh, roof.paid, roof.income))
    sums = (_exact(-paid), f"{sum(figures.shares)} %", _exact(income), _exact(income - paid))
    rows.append(("All", _kwh(used), _kwh(got), Share(got, used), *sums))
    header = ("Flat", "Used", "Got", "Covered", "Paid", "Share", "Income", "Gain")
    text = (
        f"{figures.house} has one roof, and {len(figures.shares)} flats that agreed once on a key. "
        "The day before, each flat enrols its meter, so that whoever asks for a division has "
        "nothing to choose. Each quarter hour a flat is credited with its share of the production "
        "as far as it uses it; what is left goes to those who use more, and certificates go along. "
        f"A flat pays {SHARED_PRICE // 10} ct/kWh from its deposit, and the owners get all of it "
        f"by their shares, in the same act. Of {_kwh(roof.made_wh)} kWh nobody used "
        f"{_kwh(roof.rest_wh)}: their certificates went back to the house."
    )
    table = Table("A shared roof, in kWh and EUR", header, tuple(rows), has_total=True)
    return Section("A roof that six flats share", text, (table,))


def _receivers(bills: tuple[Bill, ...]) -> Table:
    """Show what receivers pay, and what they would have paid."""
    rows = [_receiver(bill.name, [bill]) for bill in bills]
    rows.append(_receiver("All", bills))
    header = (
        *("Who", "kWh", "Energy", "Platform", "Operator", "Grid", "Levy"),
        *("Bill", "Elsewhere"),
    )
    return Table("Receivers, in EUR", header, tuple(rows), has_total=True)


def _receiver(name: str, bills: Iterable[Bill]) -> tuple[str, ...]:
    """Return a row for some receivers."""
    chosen = list(bills)
    bought = sum(bill.bought_wh for bill in chosen)
    charges = (sum(bill.charges[n] for bill in chosen) for n in range(4))
    return (
        name,
        _kwh(bought),
        _rounded(-sum(bill.paid for bill in chosen)),
        *(_rounded(-amount) for amount in charges),
        _exact(sum(bill.total for bill in chosen)),
        _rounded(-bought * RETAIL_PRICE),
    )


def _donors(bills: tuple[Bill, ...]) -> Table:
    """Show what donors get, and what they would have got."""
    rows = [_donor(bill.name, [bill]) for bill in bills]
    rows.append(_donor("All", bills))
    header = ("Donor", "kWh", "Energy", "Shortfalls", "Bill", "Fed in instead")
    return Table("Donors, in EUR", header, tuple(rows), has_total=True)


def _donor(name: str, bills: Iterable[Bill]) -> tuple[str, ...]:
    """Return a row for some donors."""
    chosen = list(bills)
    sold = sum(bill.sold_wh for bill in chosen)
    return (
        name,
        _kwh(sold),
        _rounded(sum(bill.received for bill in chosen)),
        _rounded(-sum(bill.imbalance for bill in chosen)),
        _exact(sum(bill.total for bill in chosen)),
        _rounded(sold * FEED_IN_PRICE),
    )


def _everybody(figures: Figures) -> Table:
    """Show that everything that somebody pays somebody gets."""
    charges = [sum(bill.charges[n] for bill in figures.receivers) for n in range(4)]
    gains = (
        ("Receivers", sum(bill.total for bill in figures.receivers)),
        ("Donors", sum(bill.total for bill in figures.donors)),
        ("Platform", charges[0]),
        ("Market operator", charges[1]),
        ("Grid operator", charges[2]),
        ("Levy", charges[3]),
        ("Balancing account", figures.balancing),
    )
    rows = [(name, _exact(amount)) for name, amount in gains]
    rows.append(("All", _exact(sum(amount for _, amount in gains))))
    return Table("Everybody, in EUR", ("Who", "Gains"), tuple(rows), has_total=True)


def _kwh(amount_wh: int) -> str:
    """Write energy without its unit."""
    return write_amount(amount_wh, KILOWATT_HOURS, with_symbol=False)


def _exact(amount: int) -> str:
    """Write money to the millionth."""
    return write_amount(amount, EXACT)


def _rounded(amount: int) -> str:
    """Write money to the cent."""
    return write_amount(amount, ROUNDED)
