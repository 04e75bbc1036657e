"""
Statements: one account's bill for one period, which is the sum of its lines and nothing else.

A statement comes to be with the period's first fill, counts the fills that are still to be settled,
and takes lines until it is closed. Each line is an event with its ordinal, so whoever adds up the
events of a statement has its sums, to the last minor unit.
"""

from collections.abc import Sequence
from typing import NamedTuple

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.core.context import Context

from .errors_settlement import NoOpenPeriod
from .events_settlement import LineKind, MarketEntry, StatementOpened
from .model import ONE_PPM, WH_PER_MWH, Basis, MarketRules, Product, Statement, statement_id
from .products import period_of


class Line(NamedTuple):
    """One line to be posted."""

    kind: LineKind
    """What it is about."""

    amount: int
    """How much money; negative only where it corrects an earlier line. [minor units]"""

    energy_wh: int = 0
    """How much energy; negative only where it corrects an earlier line. [Wh]"""

    name: str = ""
    """What the market calls a charge."""

    fill: RecordId | None = None
    """The fill that it is for; nothing for what concerns the whole period."""


class Open(NamedTuple):
    """A statement that takes lines, or could."""

    period: int
    """Which of the market's periods."""

    id: RecordId
    """Its id."""

    statement: Statement | None
    """The statement; nothing if the account has none of that period yet."""


def open_for(
    context: Context,
    market: RecordId,
    rules: MarketRules,
    owner: PublicKey,
    *,
    product: Product,
    field: str = "product",
) -> Open:
    """
    Return the statement that takes what concerns a product, or refuse: all are closed.

    It is that of the product's own period, or the first open one after it, because a statement that
    was closed is never opened again. One that waits for a fill cannot be closed, so a fill is
    settled where it was counted. `field` is where the command names the product.
    """
    for period in range(period_within(rules, product), len(rules.periods) - 1):
        id = statement_id(market, owner, period)
        statement = context.read(Statement, id)
        if statement is None or not statement.closed_at:
            return Open(period, id, statement)
    raise NoOpenPeriod(owner, field=field)


class Expected:
    """
    The new fills of one command in one book, counted on their owners' statements.

    A statement stays open until the fills that it counts are settled. An auction that is cleared
    late may find its period closed; then the next open one takes them. Whoever trades often in one
    command is looked up, and written, once: nothing else reads statements before `write`.
    """

    __slots__ = ("_context", "_fills", "_found", "_market", "_product", "_rules")

    def __init__(
        self, context: Context, market: RecordId, rules: MarketRules, product: Product
    ) -> None:
        self._context = context
        self._market = market
        self._rules = rules
        self._product = product
        self._found: dict[PublicKey, tuple[RecordId, Statement]] = {}
        self._fills: dict[PublicKey, int] = {}

    def count(self, owner: PublicKey) -> None:
        """Count a new fill of an owner."""
        if owner not in self._found:
            found = open_for(self._context, self._market, self._rules, owner, product=self._product)
            statement = ensured(self._context, self._market, owner, found)
            self._found[owner], self._fills[owner] = (found.id, statement), 0
        self._fills[owner] += 1

    def write(self) -> None:
        """Write what was counted, and begin anew."""
        for owner, (id, statement) in self._found.items():
            open_fills = statement.open_fills + self._fills[owner]
            self._context.write(id, replace(statement, open_fills=open_fills))
        self._found.clear()


def ensured(context: Context, market: RecordId, owner: PublicKey, found: Open) -> Statement:
    """Return an open statement, a blank one if the account has none yet; the caller writes it."""
    if found.statement is not None:
        return found.statement
    context.emit(StatementOpened(found.id, market, owner, found.period))
    return blank(market, owner, found.period)


def period_within(rules: MarketRules, product: Product) -> int:
    """Return the billing period of a product in which orders were placed."""
    period = period_of(rules, product)
    if period is None:
        raise AssertionError(f"a product that begins at {product.begin} lies in no period")
    return period


def blank(market: RecordId, owner: PublicKey, period: int) -> Statement:
    """Return a statement without lines."""
    return Statement(
        market=market,
        owner=owner,
        period=period,
        open_fills=0,
        entries=0,
        bought_wh=0,
        sold_wh=0,
        paid=0,
        received=0,
        imbalance=0,
        compensation=0,
        returned=0,
        owed=0,
        reserved=0,
        charges=(),
        closed_at=0,
    )


def with_lines(statement: Statement, lines: Sequence[Line]) -> Statement:
    """Return a statement whose sums have grown by lines; charges are set by whoever closes it."""
    bought_wh, sold_wh, paid = statement.bought_wh, statement.sold_wh, statement.paid
    received, imbalance, returned = statement.received, statement.imbalance, statement.returned
    owed, reserved, compensation = statement.owed, statement.reserved, statement.compensation
    for kind, amount, energy_wh, _, _ in lines:
        if kind is LineKind.PURCHASE:
            paid += amount
            bought_wh += energy_wh
        elif kind is LineKind.SALE:
            received += amount
            sold_wh += energy_wh
        elif kind is LineKind.SHORTFALL:
            imbalance += amount
        elif kind is LineKind.RESERVE:
            reserved += amount
        elif kind is LineKind.COMPENSATION:
            compensation += amount
        elif kind is LineKind.RETURNED:
            returned += amount
        elif kind is LineKind.OWED:
            owed += amount
    return Statement(
        statement.market,
        statement.owner,
        statement.period,
        statement.open_fills,
        statement.entries + len(lines),
        bought_wh,
        sold_wh,
        paid,
        received,
        imbalance,
        compensation,
        returned,
        owed,
        reserved,
        statement.charges,
        statement.closed_at,
    )


def post(
    context: Context,
    id: RecordId,
    statement: Statement,
    lines: Sequence[Line],
    *,
    settles: int = 0,
) -> None:
    """
    Post lines to a statement that is open.

    `settles` says how many fills are no longer waited for.
    """
    ordinal = statement.entries
    for n, (kind, amount, energy_wh, name, fill) in enumerate(lines):
        context.emit(MarketEntry(id, ordinal + n, kind, amount, energy_wh, fill, name))
    posted = with_lines(statement, lines)
    if settles:
        posted = replace(posted, open_fills=posted.open_fills - settles)
    context.write(id, posted)


def settle_on_statement(
    context: Context, id: RecordId, lines: Sequence[Line], *, settles: int = 1
) -> None:
    """Post what fills came to, to the statement that has waited for them."""
    statement = context.read(Statement, id)
    if statement is None:
        raise AssertionError(f"statement {id.hex()} should have waited for a fill")
    post(context, id, statement, lines, settles=settles)


def charges_on(rules: MarketRules, statement: Statement) -> tuple[int, ...]:
    """
    Return what each charge comes to on a whole period, each rounded down once.

    A period in which corrections took back more than was bought is charged nothing.
    """
    paid, bought_wh = max(0, statement.paid), max(0, statement.bought_wh)
    return tuple(
        paid * charge.rate // ONE_PPM
        if charge.basis is Basis.VALUE
        else bought_wh * charge.rate // WH_PER_MWH
        for charge in rules.charges
    )
