"""
How an order comes in, whoever sends it: an owner, a mandate's agent, or a taker.

`judge` holds it against everything that the market states and writes nothing. `enter` binds what it
promises, money or goods and measurements, and writes it. What it then meets is `arrival`'s.
"""

from typing import NamedTuple

from msgspec.structs import replace

from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.core.context import Context

from .arrival import arrive
from .book import Book, empty_book, open_lots
from .commands import Place
from .errors_orders import (
    AccountSuspended,
    BelowFeedInFloor,
    BookNotOpen,
    LeastExceedsLots,
    LevelOutside,
    MarketNotFound,
    NotAdmitted,
    PartnerNotAllowed,
    PaymentDue,
    ValidityTooShort,
    ValueTooLarge,
)
from .errors_sources import (
    MetersDiffer,
    MetersDoNotCover,
)
from .events import BookOpened
from .funding import lock_goods, lock_money, required
from .meters import check_meters, pledge_meters, pledged_until
from .model import (
    Market,
    MarketRules,
    Order,
    Participant,
    Phase,
    Position,
    Side,
    Subject,
    Trading,
    Turnover,
    book_id,
    participant_id,
    position_id,
    price_of,
)
from .products import check_gate, check_product, gate_closes_at
from .rejected import PLACED, PRODUCED, Naming
from .sources import check_source
from .turnover import committed_to, size_of


class Judged(NamedTuple):
    """What is known of an order that nothing speaks against."""

    book: RecordId
    """The book of its product."""

    present: Book | None
    """The book as it stands, if there is one."""

    place: RecordId
    """The id of the account's position in the book on this side, also for holdings."""

    position: Position | None
    """What the account has there; nothing for holdings."""

    meters: tuple[RecordId, ...]
    """The measurements that settle it."""

    valid_until: int
    """When it lapses. [ms since the epoch, UTC]"""

    funds: int
    """The money that it binds. [minor units of money]"""

    turnover: int
    """What the account's orders can come to with it; see `turnover`."""


def enter_order(context: Context, command: Place, *, mandate: RecordId | None = None) -> RecordId:
    """
    Take an order into a market, let it meet what crosses it, and return its id.

    The caller has made sure that the account's owner signed this order, or its mandate.
    """
    market = context.read(Market, command.market)
    if market is None:
        raise MarketNotFound(command.market)
    names = PLACED if mandate is None else PRODUCED
    judged = judge(context, market, command, names)
    id, order, book = enter(context, market.rules, command, judged, mandate=mandate)
    arrive(context, market.rules, id, order, book=book)
    return id


def judge(context: Context, market: Market, command: Place, names: Naming) -> Judged:
    """Refuse an order that the market does not take; who may send it is for the caller to say."""
    # READ
    rules, product, side = market.rules, command.product, command.side
    book = book_id(command.market, product)
    place = position_id(book, side, command.owner)
    present = context.read(Book, book)
    energy = rules.subject is Subject.ENERGY
    position = context.read(Position, place) if energy else None
    # CHECK
    check_participant(context, command.market, rules, command.owner, names)
    check_product(context, command.market, rules, product)
    if present is not None and present.phase is not Phase.OPEN:
        raise BookNotOpen(book, present.phase, field="product")
    check_gate(rules, product, time=context.time)
    valid_until = _valid_until(context, rules, command)
    _check_terms(rules, command, names)
    funds = required(rules, side, level=command.level, lots=command.lots)
    committed = command.lots
    if position is not None:
        committed += position.lots + position.offered
    _check_size(rules, command, present, names, funds=funds, committed_lots=committed)
    turnover = committed_to(context, participant_id(command.market, command.owner))
    turnover += command.lots * size_of(rules, side, command.level)
    if turnover > AMOUNT_MAX:
        raise ValueTooLarge(turnover, field=names.lots)
    check_source(context, rules, command, names, committed_lots=committed)
    meters: tuple[RecordId, ...] = ()
    if energy:
        meters = check_meters(context, product, command.meters)
    elif command.meters:
        raise MetersDoNotCover("holdings are not measured; leave them out")
    if position is not None and (position.meters != meters or position.device != command.device):
        same = position.meters == meters
        raise MetersDiffer(field=names.device if same else "meters")
    return Judged(book, present, place, position, meters, valid_until, funds, turnover)


def enter(
    context: Context,
    rules: MarketRules,
    command: Place,
    judged: Judged,
    *,
    mandate: RecordId | None,
) -> tuple[RecordId, Order, Book]:
    """
    Bind what an order promises; return its id, the order, to be written, and its book.

    A mandate's money is locked already, and its rule has counted what this order binds.
    """
    id = context.derive_id()
    order = Order(
        market=command.market,
        book=judged.book,
        side=command.side,
        owner=command.owner,
        level=command.level,
        lots=command.lots,
        least=command.least,
        filled=0,
        value=0,
        funded=judged.funds,
        device=command.device,
        partner=command.partner,
        placed_at=context.time,
        valid_until=judged.valid_until,
        page=0,
        slot=0,
        mandate=mandate,
        queued=False,
    )
    book = judged.present
    if book is None:
        book = empty_book(command.market, command.product, rules.levels)
        context.emit(BookOpened(book=judged.book, market=command.market, product=command.product))
    if mandate is None:  # Under its position's id, as `lock_id_of` says.
        lock_money(context, rules, command.owner, lock_id=LockId(judged.place), amount=judged.funds)
    lock_goods(context, rules, id, order, product=command.product)
    context.write(participant_id(command.market, command.owner), Turnover(judged.turnover))
    if rules.subject is Subject.ENERGY:
        _enter_position(context, rules, command, judged)
    return id, order, book


def check_participant(
    context: Context, market: RecordId, rules: MarketRules, owner: PublicKey, names: Naming
) -> None:
    """Refuse an account that may not trade here, or owes something."""
    participant = context.read(Participant, participant_id(market, owner))
    if rules.members_only and (participant is None or not participant.admitted):
        raise NotAdmitted(owner, field=names.owner)
    if participant is None:
        return
    if participant.suspended:
        raise AccountSuspended(owner, field=names.owner)
    if participant.due:
        raise PaymentDue(owner, participant.due, field=names.owner)


def _valid_until(context: Context, rules: MarketRules, command: Place) -> int:
    """
    Return when an order lapses: as it says, and at latest when the gate closes.

    In a call auction all orders meet when the gate has closed, so one that lapses before would
    never meet anybody and is refused.
    """
    closes_at = gate_closes_at(rules, command.product)
    given = command.valid_until or closes_at
    least = closes_at if rules.trading is Trading.CALL else context.time + 1
    if given < least:
        raise ValidityTooShort(given, least)
    return min(given, closes_at)


def _check_terms(rules: MarketRules, command: Place, names: Naming) -> None:
    """Refuse a limit price, a minimum or a partner that the market does not know."""
    if command.level >= rules.levels:
        raise LevelOutside(command.level, rules.levels)
    price = price_of(rules, command.level)
    if command.side is Side.SELL and price < rules.feed_in_floor:
        raise BelowFeedInFloor(price, rules.feed_in_floor, field=names.level)
    if command.least > command.lots:
        raise LeastExceedsLots(command.least, command.lots)
    if command.partner is not None and rules.trading is not Trading.CONTINUOUS:
        raise PartnerNotAllowed(command.partner)


def _check_size(
    rules: MarketRules,
    command: Place,
    book: Book | None,
    names: Naming,
    *,
    funds: int,
    committed_lots: int,
) -> None:
    """Refuse what would no longer be an amount: in value, in money, or in energy or goods."""
    lots = command.lots
    offered = lots if book is None else lots + open_lots(book, command.side)
    total = max(
        lots * price_of(rules, rules.levels - 1),
        funds,
        offered * rules.quantum,
        committed_lots * rules.quantum,
    )
    if total > AMOUNT_MAX:
        raise ValueTooLarge(total, field=names.lots)


def _enter_position(context: Context, rules: MarketRules, command: Place, judged: Judged) -> None:
    """Count an order in its account's position; the first pledges the measurements."""
    position = judged.position
    if position is None:
        until = pledged_until(rules, command.product)
        pledge_meters(context, judged.book, command.meters, until=until)
        position = Position(
            book=judged.book,
            side=command.side,
            owner=command.owner,
            meters=judged.meters,
            device=command.device,
            lots=0,
            offered=0,
            open_fills=0,
            open_orders=0,
        )
    context.write(
        judged.place,
        replace(
            position,
            offered=position.offered + command.lots,
            open_orders=position.open_orders + 1,
        ),
    )
