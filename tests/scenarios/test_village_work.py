"""One day's transactions, signed before the ledger has seen any of it."""

from collections import Counter

import pytest

from tallystick.base.encoding import Decoder
from tallystick.base.identifiers import LedgerId
from tallystick.base.signatures import public_key
from tallystick.contracts.certificate.commands import Claim, Issue, Split, Transfer
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind
from tallystick.core.check import parse, verify
from tallystick.scenarios.village_data import Village
from tallystick.scenarios.village_figures import is_home
from tallystick.scenarios.village_work import DayWork, Secrets, VillageHands
from tests.scenarios.small import HOMES, small_village

Command = Publish | Issue | Transfer | Split | Claim
SECRETS = Secrets(ledger=LedgerId(bytes(32)), issuing_body=bytes(31) + b"\1", seed=bytes(32))
QUARTERS = 8
EXPIRY = 1_467_374_400_000

_commands: Decoder[Command] = Decoder(Command)


@pytest.fixture(scope="module")
def small(village: Village) -> Village:
    """Return a small village with its first quarter hours in daylight."""
    return small_village(village)


@pytest.fixture(scope="module")
def work(small: Village) -> DayWork:
    """Sign its first two hours."""
    return VillageHands(SECRETS, small).make_day(0, QUARTERS, expiry=EXPIRY)


def commands_of(raw: bytes) -> list[Command]:
    """Return what a transaction asks for."""
    return [_commands.decode(item) for item in parse(raw).commands]


def test_every_transaction_is_signed_for_this_ledger(work: DayWork) -> None:
    """Each one verifies, under exactly one key, and is good until the same moment."""
    for raw in (*work.published, *work.moved, *work.claimed):
        verify(raw, SECRETS.ledger)
        header = parse(raw).header
        assert (1, EXPIRY) == (len(header.signers), header.expiry)


def test_every_reading_is_published_by_the_issuing_body(small: Village, work: DayWork) -> None:
    """Each meter and quarter hour once, under a key of its own, with what the meter counted."""
    issuer = public_key(SECRETS.issuing_body)
    assert {(issuer,)} == {parse(raw).header.signers for raw in work.published}
    published = {
        (each.owner, each.begin): (each.kind, each.amount)
        for raw in work.published
        for each in commands_of(raw)
        if isinstance(each, Publish)
    }
    expected = {
        (work.owners[quarter][n], small.begins[quarter]): (
            Kind.CONSUMPTION if is_home(meter) else Kind.PRODUCTION,
            small.energy_wh[n][quarter],
        )
        for n, meter in enumerate(small.meters)
        for quarter in range(QUARTERS)
    }
    assert expected == published
    assert len(expected) == work.measurements == len({owner for owner, _ in published})


def test_production_above_zero_gets_a_certificate(small: Village, work: DayWork) -> None:
    """As many as there are plants' readings above zero, each right behind its publication."""
    commands = [each for raw in work.published for each in commands_of(raw)]
    issues = [n for n, each in enumerate(commands) if isinstance(each, Issue)]
    above_zero = sum(
        small.energy_wh[n][quarter] > 0
        for n, meter in enumerate(small.meters)
        for quarter in range(QUARTERS)
        if not is_home(meter)
    )
    assert (above_zero, above_zero) == (work.certificates, len(issues))
    before = [commands[n - 1] for n in issues]
    assert all(isinstance(each, Publish) and each.kind is Kind.PRODUCTION for each in before)


def test_readings_are_shuffled(small: Village, work: DayWork) -> None:
    """The place of a reading says nothing about its meter."""
    orders = []
    for quarter in range(QUARTERS):
        place = {key: n for n, key in enumerate(work.owners[quarter])}
        published = [each for raw in work.published for each in commands_of(raw)]
        orders.append(
            [place[e.owner] for e in published if isinstance(e, Publish) and e.owner in place]
        )
    assert any(order != sorted(order) for order in orders)


def test_claims_are_those_of_the_matching(work: DayWork) -> None:
    """One transaction for each home and quarter hour that was given something."""
    matches = [(quarter, each) for quarter, some in enumerate(work.matches) for each in some]
    homes = Counter((quarter, match.home) for quarter, match in matches)
    sizes = [len(commands_of(raw)) for raw in work.claimed]
    assert sorted(homes.values()) == sorted(sizes)
    assert len(matches) == work.claims == sum(sizes)
    assert sum(match.amount_wh for _, match in matches) == work.matched_wh
    assert HOMES * QUARTERS >= len(work.claimed)


def test_each_plant_hands_over_once_a_quarter(work: DayWork) -> None:
    """A transfer or a split, and whatever is not given stays with the plant."""
    givers = {(quarter, match.plant) for quarter, some in enumerate(work.matches) for match in some}
    moves = [commands_of(raw) for raw in work.moved]
    assert len(givers) == len(moves)
    assert {1} == {len(each) for each in moves}
    assert {Split, Transfer} >= {type(each[0]) for each in moves}


def test_the_example_is_the_largest_match(work: DayWork) -> None:
    """The story is told with the claim that is easiest to see."""
    assert work.example is not None
    assert work.example.amount_wh == max(match.amount_wh for some in work.matches for match in some)


def test_the_same_seed_gives_the_same_keys(small: Village, work: DayWork) -> None:
    """Signing again finds the same owners, though no transaction is the same twice."""
    again = VillageHands(SECRETS, small).make_day(0, QUARTERS, expiry=EXPIRY)
    assert work.owners == again.owners
    assert set(work.moved).isdisjoint(again.moved)
