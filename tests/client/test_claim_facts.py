"""The records of a proof are held against each other: what only a dishonest ledger could say."""

from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import encode
from tallystick.base.identifiers import (
    LedgerId,
    LockId,
    PublicKey,
    RecordId,
    TransactionId,
)
from tallystick.client.claim_facts import ISSUE, Step
from tallystick.contracts.certificate.commands import Claim
from tallystick.contracts.certificate.model import (
    BREAK,
    CORRECT,
    SPLIT,
    TRANSFER,
    Action,
    Next,
    Part,
    Settlement,
    child_id,
)
from tallystick.contracts.measurement.model import Kind
from tallystick.core.block import Outcome
from tallystick.testing.keys import key
from tests.client.forging import (
    CLAIMED,
    CONSUMPTION,
    KEYS,
    LEDGER,
    PART,
    PRODUCTION,
    Story,
    certified,
    measured,
)
from tests.client.verifiers import VALID, verdicts
from tests.client.village import BEGIN, CONSUMER, NEIGHBOUR, NOON, PRODUCER, STRANGER

OTHER = RecordId(b"\x99" * 32)


def next_of(action: Action, *addresses: RecordId, time: int = NOON + 3) -> Next:
    """Return what happened to a certificate."""
    return Next(action, addresses, time)


def own(**changes: Any) -> Callable[[Story], None]:
    """Change the claimed certificate."""
    return link(0, **changes)


def link(at: int, **changes: Any) -> Callable[[Story], None]:
    """Change one certificate of the chain."""

    def change(story: Story) -> None:
        step = story.steps[at]
        story.steps[at] = replace(step, certificate=replace(step.certificate, **changes))

    return change


def step(at: int, **changes: Any) -> Callable[[Story], None]:
    """Change what is said of one link of the chain."""

    def change(story: Story) -> None:
        story.steps[at] = replace(story.steps[at], **changes)

    return change


def everywhere(**changes: Any) -> Callable[[Story], None]:
    """Change all certificates of the chain."""

    def change(story: Story) -> None:
        for at in range(len(story.steps)):
            link(at, **changes)(story)

    return change


def part_of(**changes: Any) -> Callable[[Story], None]:
    """Change something about the story itself."""

    def change(story: Story) -> None:
        for name, value in changes.items():
            setattr(story, name, value)

    return change


def settled(*parts: Part, total_wh: int | None = None, of: RecordId = CONSUMPTION) -> Settlement:
    """Return a settlement of some parts."""
    total = sum(each.amount_wh for each in parts) if total_wh is None else total_wh
    return Settlement(of, parts, total)


MINE = Part(CLAIMED, 600, withdrawn=False)
HIS = Part(OTHER, 200, withdrawn=False)


def reborn(born: str, revision: int, *, broken: bool = True) -> Callable[[Story], None]:
    """Let the claimed certificate be what a broken claim left."""

    def change(story: Story) -> None:
        retired = certified(
            PRODUCTION, CONSUMER, 1_000, next_of(Action.RETIRE, OTHER, time=NOON + 2)
        )
        id = child_id(PART, born, revision)
        claimed = replace(story.steps[0].certificate, corrected=revision)
        story.steps[0] = Step(id, claimed, born, revision)
        story.steps[1] = Step(PART, replace(retired, broken=broken), SPLIT, 1)
        become(story, id)

    return change


def become(story: Story, id: RecordId) -> None:
    """Let another certificate be the claimed one."""
    story.claim = Claim(id, CONSUMPTION, None)
    story.settlement = settled(HIS, Part(id, story.steps[0].certificate.amount_wh, withdrawn=False))


def added_at(at: int) -> Callable[[Story], None]:
    """Let the claimed certificate be what a correction added to one of the others."""

    def change(story: Story) -> None:
        parent = story.steps[at]
        id = child_id(parent.id, CORRECT, 1)
        claimed = replace(story.steps[0].certificate, origin=parent.id, corrected=1)
        story.steps = [Step(id, claimed, CORRECT, 1), *story.steps[at:]]
        become(story, id)

    return change


def issued_itself(story: Story) -> None:
    """Let the issued certificate be claimed as it is."""
    claimed = certified(PRODUCTION, CONSUMER, 700, next_of(Action.RETIRE, CONSUMPTION))
    story.steps = [Step(PRODUCTION, claimed, ISSUE, 0)]
    become(story, PRODUCTION)


def corrected_upwards(story: Story) -> None:
    """Let more have been produced than was thought when the certificate changed hands."""
    own(corrected=1)(story)
    link(1, amount_wh=500)(story)


def of_another_transaction(story: Story) -> None:
    """Let the receipt be of another transaction."""
    story.outcome = Outcome(transaction=TransactionId(bytes(32)), contract="", code=0, command=0)


def without_certificate(story: Story) -> None:
    """Let nothing be measured where the certificate should be issued."""
    story.production = None


def raw(records: bytes, id: RecordId = PART) -> Callable[[Story], None]:
    """Put other bytes under an id."""
    return part_of(raw_leaves={id: records})


def raw_with(change: Callable[[bytes], bytes]) -> Callable[[Story], None]:
    """Change the bytes of the certificate in the middle of the chain."""

    def put(story: Story) -> None:
        story.raw_leaves = {PART: change(b"\x91" + encode(story.steps[1].certificate))}

    return put


STORIES: list[tuple[str, Callable[[Story], None], str]] = [
    ("as it is", part_of(), VALID),
    ("lock id", part_of(claim=Claim(CLAIMED, CONSUMPTION, LockId(b"\1" * 32))), VALID),
    ("two signers", part_of(signers=(STRANGER, CONSUMER)), VALID),
    ("issued and claimed", issued_itself, VALID),
    ("reborn", reborn(BREAK, 2), VALID),
    ("reborn by production", reborn(CORRECT, 3), VALID),
    ("added to the issued", added_at(2), VALID),
    ("grown by correction", link(1, amount_wh=500, corrected=0), "chain"),
    ("more than it came from", link(2, amount_wh=599), "chain"),
    ("corrected upwards", corrected_upwards, VALID),
    ("not broken", reborn(BREAK, 2, broken=False), "chain"),
    ("not broken either", reborn(CORRECT, 2, broken=False), "chain"),
    ("added to a part", added_at(1), "chain"),
    ("the lock", link(1, lock=None), VALID),
    ("another's records too", raw_with(lambda b: b"\x92" + b[1:] + b"\x92\xa5token\xff"), VALID),
    ("still held", own(next=None), "certificate"),
    ("transferred", own(next=next_of(Action.TRANSFER, CONSUMPTION)), "certificate"),
    ("for another use", own(next=next_of(Action.RETIRE, OTHER)), "certificate"),
    ("for two", own(next=next_of(Action.RETIRE, CONSUMPTION, OTHER)), "certificate"),
    ("earlier", own(next=next_of(Action.RETIRE, CONSUMPTION, time=NOON)), "certificate"),
    ("withdrawn", own(withdrawn=True), "certificate"),
    ("unclaimed", own(unclaimed=True), "certificate"),
    ("broken", own(broken=True), "certificate"),
    ("empty", own(amount_wh=0), "certificate"),
    ("another's", own(owner=key(STRANGER)), "certificate"),
    ("by a stranger", part_of(signers=(STRANGER,)), "certificate"),
    ("other use", part_of(consumption=measured(NEIGHBOUR, Kind.CONSUMPTION, 900)), "consumption"),
    ("production", part_of(consumption=measured(CONSUMER, Kind.PRODUCTION, 900)), "consumption"),
    ("emission", part_of(consumption=measured(CONSUMER, Kind.EMISSION, 900)), "consumption"),
    ("settlement of another", part_of(settlement=settled(MINE, of=OTHER)), "settlement"),
    ("not settled", part_of(settlement=settled(HIS)), "settlement"),
    ("no settlement", part_of(settlement=None), "consumption"),
    ("settled twice", part_of(settlement=settled(MINE, MINE)), "settlement"),
    ("marked", part_of(settlement=settled(replace(MINE, withdrawn=True))), "settlement"),
    ("less", part_of(settlement=settled(replace(MINE, amount_wh=599))), "settlement"),
    ("more", part_of(settlement=settled(replace(MINE, amount_wh=601))), "settlement"),
    ("wrong sum", part_of(settlement=settled(MINE, HIS, total_wh=799)), "settlement"),
    ("too much", part_of(settlement=settled(MINE, replace(HIS, amount_wh=301))), "settlement"),
    ("just enough", part_of(settlement=settled(MINE, replace(HIS, amount_wh=300))), VALID),
    ("too large", part_of(settlement=settled(MINE, replace(HIS, amount_wh=2**53))), "consumption"),
    ("consumed", part_of(production=measured(PRODUCER, Kind.CONSUMPTION, 1_000)), "production"),
    ("other owner", part_of(production=measured(NEIGHBOUR, Kind.PRODUCTION, 900)), "production"),
    ("produced less", part_of(production=measured(PRODUCER, Kind.PRODUCTION, 599)), "production"),
    ("nothing measured", without_certificate, "certificate"),
    ("of another", everywhere(measurement=OTHER), "chain"),
    ("part of another", link(1, measurement=OTHER), "chain"),
    ("begin", link(1, begin=BEGIN - 900), "chain"),
    ("end", everywhere(end=BEGIN + 1_800), "chain"),
    ("sector", everywhere(sector="valley"), "chain"),
    ("technology", link(1, technology="T020000"), "chain"),
    ("fuel", own(fuel="F01050100"), "chain"),
    ("origin", link(0, origin=OTHER), "certificate"),
    ("unknown birth", step(0, born="GIFT"), "chain"),
    ("retired into", step(0, born="RETIRE"), "chain"),
    ("issued midway", step(0, born=ISSUE), "chain"),
    ("split for transfer", step(0, born=SPLIT), "chain"),
    ("other ordinal", step(1, ordinal=0), "chain"),
    ("huge ordinal", step(1, ordinal=2**32), "chain"),
    ("no end", link(1, next=None), "chain"),
    ("other heirs", link(1, next=next_of(Action.TRANSFER, OTHER)), "chain"),
    ("split in one", link(1, next=next_of(Action.SPLIT, CLAIMED)), "chain"),
    ("heirs in other order", link(2, next=next_of(Action.SPLIT, PART, OTHER)), "chain"),
    ("root not issued", step(2, born=TRANSFER), "chain"),
    ("root with ordinal", step(2, ordinal=1), "chain"),
    ("root from elsewhere", link(2, origin=OTHER), "chain"),
    (
        "rejected",
        part_of(outcome=Outcome(TransactionId(bytes(32)), "certificate", 1, 0)),
        "receipt",
    ),
    ("another's receipt", of_another_transaction, "receipt"),
    ("expired", part_of(expiry=NOON + 3), "receipt"),
    ("signed elsewhere", part_of(ledger=LedgerId(b"\x01" * 32)), "transaction"),
    ("not the latest", part_of(is_latest=False), "state"),
    ("elsewhere in the log", part_of(log_size_off=1), "block"),
    ("another command", part_of(command=b"\x93\xa5claim"), "command"),
    ("no array", raw(b"\xc0"), "certificate"),
    ("no records", raw(b"\x90"), "certificate"),
    ("no record", raw(b"\x91\x01"), "certificate"),
    ("empty record", raw(b"\x91\x90"), "certificate"),
    ("no tag", raw(b"\x91\x91\x01"), "certificate"),
    ("a map", raw(b"\x91\x80"), "certificate"),
    ("a float", raw(b"\x91\x92\xa1a\xca\0\0\0\0"), "certificate"),
    ("left over", raw_with(lambda b: b + b"\0"), "certificate"),
    ("cut off", raw_with(lambda b: b[:-1]), "certificate"),
    ("a longer array", raw_with(lambda b: b"\xdc\0\x01" + b[1:]), "certificate"),
    ("out of order", raw_with(lambda b: b"\x92" + b[1:] + b"\x91\xa1a"), "certificate"),
    ("twice", raw_with(lambda b: b"\x92" + b[1:] * 2), "certificate"),
    ("a longer text", raw_with(lambda b: b.replace(b"\xabcert", b"\xd9\x0bcert")), "certificate"),
    (
        "a longer number",
        raw_with(lambda b: b.replace(b"\xcd\x02X", b"\xce\0\0\x02X")),
        "certificate",
    ),
    ("amount out of bounds", link(1, amount_wh=2**53), "certificate"),
    ("negative", link(1, amount_wh=-1), "certificate"),
    ("long sector", link(1, sector="x" * 33), "certificate"),
    ("long code", link(1, technology="T" * 17), "certificate"),
    ("short key", link(1, owner=PublicKey(b"\x02" * 32)), "certificate"),
    ("number for truth", link(1, broken=0), "certificate"),
    ("revision out of bounds", link(1, corrected=65_536), "certificate"),
]


@pytest.mark.parametrize(("what", "change", "expected"), STORIES, ids=[s[0] for s in STORIES])
def test_what_the_records_say_must_agree(
    what: str, change: Callable[[Story], None], expected: str
) -> None:
    """Under a good checkpoint the records themselves are held against each other."""
    del what
    story = Story()
    change(story)
    assert (expected, expected == VALID) == verdicts(story.tell(), LEDGER, KEYS)
