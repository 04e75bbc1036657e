"""Claims: whatever the certificate contract would refuse is left out, and nothing complains."""

from collections.abc import Callable

import pytest
from msgspec.structs import replace

from tallystick.base.identifiers import Hash, LockId, RecordId
from tallystick.contracts.certificate.commands import Withdraw
from tallystick.contracts.certificate.events import CertificateSplit
from tallystick.contracts.certificate.model import (
    SPLIT,
    Certificate,
    CertificateParameters,
    IntervalRule,
    Pledge,
    SectorRule,
    Settlement,
    child_id,
)
from tallystick.contracts.market import claiming
from tallystick.contracts.market.claiming import Wanted, claim_all, release_meters
from tallystick.contracts.market.model import Backing, Position, Side
from tallystick.contracts.measurement.model import Measurement
from tallystick.testing.tables import accepted
from tests.contracts.market.house import (
    ANNA,
    BEGIN,
    BEN,
    CARL,
    DORA,
    ISSUING_BODY,
    QUARTER,
    House,
    book_of,
    buy,
    consume,
    do,
    measurement_of,
    move_to,
    place,
    position,
    produce,
    sell,
)
from tests.contracts.market.settling import (
    END,
    context_of,
    fill_ids,
    settle,
    settled,
    trading_house,
)

PRODUCTION = measurement_of(ANNA, Side.SELL)
BUYERS = (BEN, CARL, DORA)
FOR_EVER = 2**50


def sold_to_three(*, made: int = 1_000) -> tuple[House, RecordId]:
    """Return a house in which Anna sold to three, who consumed 400 Wh each."""
    house, market = trading_house()
    place(house, sell(house, market, ANNA, lots=12, level=20))
    for owner in BUYERS:
        place(house, buy(house, market, owner, lots=4, level=20))
    move_to(house, END)
    produce(house, ANNA, made)
    for owner in BUYERS:
        consume(house, owner, 400)
    return house, market


def wanted(house: House, market: RecordId, *amounts_wh: int) -> list[Wanted]:
    """Return what is to be claimed for the three, in their order."""
    book = book_of(house, market)
    return [
        Wanted(n, book, PRODUCTION, measurement_of(owner, Side.BUY), amount_wh)
        for n, (owner, amount_wh) in enumerate(zip(BUYERS, amounts_wh, strict=False))
    ]


@pytest.mark.parametrize(
    ("amounts", "claimed"),
    [
        ([100, 200, 300], [100, 200, 300]),
        ([400, 400, 200], [400, 400, 200]),
        ([400, 400, 400], [400, 400, 200]),
        ([500, 500, 500], [400, 400, 200]),
        ([0, 0, 5], [0, 0, 5]),
        ([0, 0, 0], [0, 0, 0]),
    ],
)
def test_one_certificate_for_many(amounts: list[int], claimed: list[int]) -> None:
    """What leaves a certificate is split off together, and never exceeds it, or a meter."""
    house, market = sold_to_three()
    context = context_of(house)
    assert claimed == claim_all(context, wanted(house, market, *amounts), deliveries=3)
    splits = [each for each in house.trial.events if isinstance(each, CertificateSplit)]
    assert (1 if any(claimed) else 0) == len(splits)
    found = [house.trial.read(Settlement, measurement_of(each, Side.BUY)) for each in BUYERS]
    assert claimed == [0 if each is None else each.total_wh for each in found]
    backing = house.trial.read(Backing, PRODUCTION)
    rest_wh = 1_000 - sum(claimed)
    if any(claimed) and rest_wh:
        assert backing is not None
        left = house.trial.read(Certificate, backing.certificate)
        assert left is not None
        assert rest_wh == left.amount_wh


def test_a_whole_certificate_is_not_split() -> None:
    """Who takes all of it claims it as it is."""
    house, market = sold_to_three(made=400)
    assert [400] == claim_all(context_of(house), wanted(house, market, 400), deliveries=1)
    assert not [each for each in house.trial.events if isinstance(each, CertificateSplit)]
    found = house.trial.read(Certificate, PRODUCTION)
    assert found is not None
    assert found.next is not None


def test_what_is_left_backs_the_next_claim() -> None:
    """A second command goes on with the rest of the first."""
    house, market = sold_to_three()
    context = context_of(house)
    for _ in range(2):
        assert [150] == claim_all(context, wanted(house, market, 150), deliveries=1)
    rest = child_id(child_id(PRODUCTION, SPLIT, 1), SPLIT, 1)
    assert Backing(rest) == house.trial.read(Backing, PRODUCTION)


def without_certificate(house: House) -> None:
    """There is no certificate."""
    house.trial.candidate.overlay.delete(Certificate, PRODUCTION)


def withdrawn(house: House) -> None:
    """The certificate was withdrawn."""
    do(house, Withdraw(PRODUCTION, "sensor fault"), ISSUING_BODY)


def unlocked(house: House) -> None:
    """The certificate was never locked."""
    change_certificate(house, lock=None)


def locked_for_another(house: House) -> None:
    """The certificate is locked for another contract."""
    found = house.trial.read(Certificate, PRODUCTION)
    assert found is not None
    assert found.lock is not None
    change_certificate(house, lock=replace(found.lock, holder="bridge"))


def locked_for_another_book(house: House) -> None:
    """The certificate is locked for another book."""
    found = house.trial.read(Certificate, PRODUCTION)
    assert found is not None
    assert found.lock is not None
    change_certificate(house, lock=replace(found.lock, lock_id=LockId(Hash(bytes(32)))))


def of_another_sector(house: House) -> None:
    """The certificate is of another sector."""
    change_certificate(house, sector="valley")


def of_another_interval(house: House) -> None:
    """The certificate is of another interval."""
    change_certificate(house, begin=BEGIN + QUARTER, end=END + QUARTER)


def without_consumption(house: House) -> None:
    """There is no reading of the consumer."""
    house.trial.candidate.overlay.delete(Measurement, measurement_of(BEN, Side.BUY))


def relied_on_by_another(house: House) -> None:
    """Another contract relies on the consumer's reading."""
    id = measurement_of(BEN, Side.BUY)
    found = house.trial.read(Measurement, id)
    assert found is not None
    house.trial.plant(id, replace(found, relier="bridge"))


def without_pledge(house: House) -> None:
    """The consumption is not pledged."""
    house.trial.candidate.overlay.delete(Pledge, measurement_of(BEN, Side.BUY))


def with_a_lapsed_pledge(house: House) -> None:
    """The consumption's pledge has lapsed."""
    id = measurement_of(BEN, Side.BUY)
    found = house.trial.read(Pledge, id)
    assert found is not None
    house.trial.plant(id, replace(found, until=house.trial.time))


def change_certificate(house: House, **changes: object) -> None:
    """Change the certificate past all rules."""
    found = house.trial.read(Certificate, PRODUCTION)
    assert found is not None
    house.trial.plant(PRODUCTION, replace(found, **changes))


@pytest.mark.parametrize(
    "prepare",
    [
        without_certificate,
        withdrawn,
        unlocked,
        locked_for_another,
        locked_for_another_book,
        of_another_sector,
        of_another_interval,
        without_consumption,
        relied_on_by_another,
        without_pledge,
        with_a_lapsed_pledge,
    ],
)
def test_what_cannot_be_claimed_is_not(prepare: Callable[[House], None]) -> None:
    """None of the reasons for which the certificate contract refuses is met by trying."""
    house, market = sold_to_three()
    prepare(house)
    assert [0] == claim_all(context_of(house), wanted(house, market, 100), deliveries=1)


@pytest.mark.parametrize(
    ("parameters", "begin", "end", "sector", "claimed"),
    [
        (CertificateParameters(), BEGIN, END, "village", 100),
        (CertificateParameters(), BEGIN, BEGIN + 300, "village", 0),
        (
            CertificateParameters(interval_rule=IntervalRule.WITHIN),
            BEGIN,
            END - 300,
            "village",
            100,
        ),
        (CertificateParameters(interval_rule=IntervalRule.WITHIN), BEGIN, END + 1, "village", 0),
        (CertificateParameters(interval_rule=IntervalRule.HOUR), END, END + 900, "village", 100),
        (CertificateParameters(interval_rule=IntervalRule.HOUR), BEGIN - 1, END, "village", 0),
        (CertificateParameters(sector_rule=SectorRule.ANY), BEGIN, END, "valley", 100),
        (CertificateParameters(expiry_seconds=1), BEGIN, END, "village", 100),
        (CertificateParameters(split_parts_max=1), BEGIN, END, "village", 0),
        (CertificateParameters(split_parts_max=2), BEGIN, END, "village", 100),
    ],
)
def test_the_ledgers_rules(
    monkeypatch: pytest.MonkeyPatch,
    parameters: CertificateParameters,
    begin: int,
    end: int,
    sector: str,
    claimed: int,
) -> None:
    """Intervals, sectors, expiry and parts are judged as the ledger's parameters say."""
    house, market = sold_to_three()
    change_certificate(house, begin=begin, end=end, sector=sector)
    given = house.trial.candidate.parameters
    monkeypatch.setattr(
        type(house.trial.candidate),
        "parameters",
        lambda _self, kind: parameters if kind is CertificateParameters else given(kind),
    )
    assert [claimed] == claim_all(context_of(house), wanted(house, market, 100), deliveries=1)


def sold_by(house: House, market: RecordId, side: Side, owner: int) -> Position:
    """Return somebody's position."""
    found = position(house, book_of(house, market), side, owner)
    assert found is not None
    return found


def test_release() -> None:
    """Pledges and certificates that the book holds go back; what others hold stays."""
    house, market = sold_to_three()
    book, context = book_of(house, market), context_of(house)
    release_meters(context, book, sold_by(house, market, Side.SELL, ANNA))
    found = house.trial.read(Certificate, PRODUCTION)
    assert found is not None
    assert None is found.lock
    release_meters(context, book, sold_by(house, market, Side.BUY, BEN))
    assert None is house.trial.read(Pledge, measurement_of(BEN, Side.BUY))
    other = measurement_of(CARL, Side.BUY)
    pledge = Pledge("bridge", LockId(Hash(bytes(32))), FOR_EVER)
    house.trial.plant(other, pledge)
    release_meters(context, book, sold_by(house, market, Side.BUY, CARL))
    assert pledge == house.trial.read(Pledge, other)


def test_release_of_what_is_left() -> None:
    """The rest of a certificate goes back, and the book forgets where it was."""
    house, market = sold_to_three(made=1_500)
    assert accepted == settle(house, *fill_ids(house, book_of(house, market)))
    assert [400] * 3 == [
        settled(house, id).claimed_wh for id in fill_ids(house, book_of(house, market))
    ]
    assert None is house.trial.read(Backing, PRODUCTION)
    rest = house.trial.read(Certificate, child_id(PRODUCTION, SPLIT, 3))
    assert rest is not None
    assert (300, None) == (rest.amount_wh, rest.lock)
    assert "market" == claiming.MARKET
