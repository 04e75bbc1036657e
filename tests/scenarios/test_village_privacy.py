"""What a stranger can link: nothing in the village; whatever is given away is counted."""

from collections.abc import Sequence

import pytest

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import Hash, LedgerId, PublicKey, RecordId
from tallystick.contracts.certificate.commands import Claim, Issue, Split, SplitPart, Transfer
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality
from tallystick.core.block import Block, BlockHeader
from tallystick.core.transaction import build_transaction
from tallystick.scenarios.village_data import TECHNOLOGIES, Village
from tallystick.scenarios.village_privacy import count_linked, find_out
from tallystick.scenarios.village_work import Secrets, VillageHands
from tallystick.testing.keys import key, secret
from tests.scenarios.small import QUARTERS, cut, small_village

LEDGER, ID, ZERO = LedgerId(bytes(32)), RecordId(bytes(32)), Hash(bytes(32))
ISSUER, NEIGHBOUR = 9, 8
METER_BY_KEY = {key(1): 0, key(2): 0, key(3): 0, key(4): 1}
"""Keys 1, 2 and 3 are one meter's, key 4 is another's; the issuing body has no meter."""


def block(*transactions: bytes) -> Block:
    """Return a block of which only the transactions mean anything."""
    header = BlockHeader(
        height=1,
        parent=ZERO,
        time=1,
        transactions_root=ZERO,
        receipts_root=ZERO,
        state_root=ZERO,
        log_size=1,
    )
    return Block(header=header, transactions=transactions, rejections=(), events=())


def signed(commands: Sequence[Record], *by: int) -> bytes:
    """Return a transaction that some keys sign."""
    return build_transaction(
        ledger=LEDGER,
        expiry=1,
        nonce=bytes(16),
        commands=[encode(command) for command in commands],
        secrets=[secret(n) for n in sorted(by, key=key)],
    )


def publish(owner: PublicKey) -> Publish:
    """Return a reading of somebody's meter."""
    return Publish(owner, 900, 1800, "village", Kind.CONSUMPTION, 1, Quality.MEASURED)


def split(*owners: int) -> Split:
    """Return a split among some keys."""
    return Split(ID, tuple(SplitPart(1, key(n)) for n in owners), None)


CASES = [
    ("nothing happens", [], 0),
    ("each claims alone", [signed([Claim(ID, ID, None)], n) for n in (1, 2, 3, 4)], 0),
    ("two keys of a meter sign together", [signed([Claim(ID, ID, None)], 1, 2)], 2),
    ("two meters sign together", [signed([Claim(ID, ID, None)], 1, 4)], 0),
    ("a key gives to another of its meter", [signed([Transfer(ID, key(2), None)], 1)], 2),
    ("a key gives to another meter", [signed([Transfer(ID, key(4), None)], 1)], 0),
    ("a split among keys of a meter", [signed([split(1, 2, 3)], 1)], 3),
    ("a split by another meter", [signed([split(1, 2)], 4)], 2),
    (
        "in steps, over another meter's key",
        [signed([Transfer(ID, key(4), None)], n) for n in (1, 3)],
        2,
    ),
    ("the issuing body publishes for all", [signed([publish(key(n)) for n in (1, 2, 3)], 9)], 0),
    ("and issues", [signed([publish(key(1)), Issue(ID, "T010000", "F01040100")], ISSUER)], 0),
    ("a key publishes for another of its meter", [signed([publish(key(2))], 1)], 2),
    (
        "a key signs beside the issuing body",
        [signed([publish(key(2)), publish(key(3))], ISSUER, 1)],
        3,
    ),
    ("a stranger's gift ties nobody", [signed([Transfer(ID, key(1), None)], NEIGHBOUR)], 0),
]


@pytest.mark.parametrize(
    ("transactions", "linked"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_keys_that_a_transaction_ties_are_counted(transactions: list[bytes], linked: int) -> None:
    """Signing together, giving and publishing tie; the issuing body ties nobody."""
    assert linked == count_linked([block(*transactions)], METER_BY_KEY)
    apart = [block(each) for each in transactions]
    assert linked == count_linked(apart, METER_BY_KEY)


@pytest.fixture(scope="module")
def small(village: Village) -> Village:
    """Return a small village."""
    return small_village(village)


def test_nothing_that_the_village_does_ties_two_keys_of_a_meter(small: Village) -> None:
    """A day gives nothing away; a forged gift does, also of those who traded with the two keys."""
    hands = VillageHands(Secrets(LEDGER, secret(ISSUER), bytes(32)), small)
    work = hands.make_day(0, len(QUARTERS), expiry=1)
    everything = block(*work.published, *work.moved, *work.claimed)
    meters = {owner: meter for row in work.owners for meter, owner in enumerate(row)}
    assert 0 == count_linked([everything], meters)
    one, other = (row[0] for row in work.owners[:2])
    forged = block(*(signed([Transfer(ID, owner, None)], 1) for owner in (one, other)))
    meters[key(1)] = meters[one]
    assert 3 == count_linked([forged], meters)
    assert 3 < count_linked([everything, forged], meters)


def test_each_attempt_has_an_answer(small: Village) -> None:
    """Signatures, rare technologies, guesses; the two solar plants share their code."""
    linked, rare, guess = (each.answer for each in find_out([], {key(1): 0}, small))
    assert "0 of 1 keys tied to another key of the same meter" == linked
    assert (
        "Wind, Biomass, Hydro: one plant each, so all its certificates are linked by their code"
    ) == rare
    assert guess.endswith(" of 24 guesses; blind guessing: 25.0 %")


def test_a_village_of_twins_gives_nothing_away(village: Village) -> None:
    """Where every technology has two plants and all homes use the same, nothing is learnt."""
    technologies = [each.technology for each in village.meters]
    roofs = [n for n, each in enumerate(technologies) if each is TECHNOLOGIES[-1]]
    home = technologies.index(None)
    twins = cut(village, [*roofs[:2], home, home], QUARTERS)
    answers = [each.answer for each in find_out([], {}, twins)]
    assert "every technology has several plants" == answers[1]
    assert answers[2].startswith("right in 0 % of ")
