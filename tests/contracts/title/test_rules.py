"""Who registers, amends, hands over and retires a thing, and when nobody may."""

import pytest

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.title.commands import Amend, Register, Retire, Transfer
from tallystick.contracts.title.errors import (
    AttributesNotAscending,
    NameIsTaken,
    OwnerHasNotSigned,
    SignerIsNotTitleRegistrar,
    TargetIsNoKey,
    TargetIsOwner,
    TitleIsLocked,
    TitleIsRetired,
    TitleNotFound,
)
from tallystick.contracts.title.model import (
    ATTRIBUTES_MAX,
    Attribute,
    Seed,
    Title,
    TitleParameters,
    title_id,
)
from tallystick.core.errors import UnknownCommand
from tallystick.core.holding import vault
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted
from tests.contracts.title.cases import (
    ALICE,
    BAD_KEY,
    BLUE,
    BOB,
    CLERK,
    FIRST,
    INSURER,
    LOCK,
    NOW,
    RED,
    SECOND,
    STRANGER,
    UNKNOWN,
    WRECK,
    car,
    cast,
    do,
    founded,
    locked,
    title_of,
)

Row = tuple[Record, list[int], Verdict]
"""A command, the numbers of the keys that sign, and the verdict. The market holds SECOND."""

BOBS = key(BOB)
TWICE = (Attribute("colour", "red"), Attribute("colour", "blue"))
BACKWARDS = tuple(reversed(RED))
TOO_MANY = tuple(Attribute(f"{n:03}", "") for n in range(ATTRIBUTES_MAX + 1))


def amend(title: RecordId = FIRST, attributes: tuple[Attribute, ...] = BLUE) -> Amend:
    """Return an amendment that is accepted from CLERK and Alice."""
    return Amend(title, attributes)


def transfer(title: RecordId = FIRST, target: PublicKey = BOBS) -> Transfer:
    """Return a transfer that is accepted from Alice."""
    return Transfer(title, target)


REGISTER: list[Row] = [
    (car(), [ALICE, CLERK], accepted),
    (car(), [ALICE, CLERK, STRANGER], accepted),
    (car(attributes=()), [ALICE, CLERK], accepted),
    (car(owner=CLERK), [CLERK], accepted),
    (car("VIN-1", kind="roof"), [ALICE, CLERK], accepted),
    (car(), [ALICE], SignerIsNotTitleRegistrar),
    (car(), [ALICE, INSURER], SignerIsNotTitleRegistrar),
    (car(), [ALICE, STRANGER], SignerIsNotTitleRegistrar),
    (car(kind="boat"), [ALICE, CLERK], SignerIsNotTitleRegistrar),
    (car(), [CLERK], OwnerHasNotSigned),
    (car(), [BOB, CLERK], OwnerHasNotSigned),
    (car(attributes=TWICE), [ALICE, CLERK], AttributesNotAscending),
    (car(attributes=BACKWARDS), [ALICE, CLERK], AttributesNotAscending),
    (car("VIN-1"), [ALICE, CLERK], NameIsTaken),
    (car("VIN-1", BOB), [BOB, CLERK], NameIsTaken),
    (car("VIN-4"), [ALICE, CLERK], NameIsTaken),
    (car(""), [ALICE, CLERK], UnknownCommand),
    (car(kind="*"), [ALICE, CLERK], UnknownCommand),
    (car(attributes=TOO_MANY), [ALICE, CLERK], UnknownCommand),
    (Register("car", "x" * 65, key(ALICE), (), None), [ALICE, CLERK], UnknownCommand),
]

AMEND: list[Row] = [
    (amend(), [ALICE, CLERK], accepted),
    (amend(attributes=()), [ALICE, CLERK], accepted),
    (amend(UNKNOWN), [ALICE, CLERK], TitleNotFound),
    (amend(), [ALICE], SignerIsNotTitleRegistrar),
    (amend(), [ALICE, INSURER], SignerIsNotTitleRegistrar),
    (amend(), [CLERK], OwnerHasNotSigned),
    (amend(), [BOB, CLERK], OwnerHasNotSigned),
    (amend(attributes=TWICE), [ALICE, CLERK], AttributesNotAscending),
    (amend(WRECK), [ALICE, CLERK], TitleIsRetired),
    (amend(SECOND), [ALICE, CLERK], TitleIsLocked),
]

TRANSFER: list[Row] = [
    (transfer(), [ALICE], accepted),
    (transfer(target=vault("market", LOCK)), [ALICE], accepted),
    (transfer(UNKNOWN), [ALICE], TitleNotFound),
    (transfer(), [BOB], OwnerHasNotSigned),
    (transfer(), [CLERK], OwnerHasNotSigned),
    (transfer(target=BAD_KEY), [ALICE], TargetIsNoKey),
    (transfer(target=key(ALICE)), [ALICE], TargetIsOwner),
    (transfer(WRECK, key(ALICE)), [ALICE], TargetIsOwner),
    (transfer(WRECK), [ALICE], TitleIsRetired),
    (transfer(SECOND), [ALICE], TitleIsLocked),
]

RETIRE: list[Row] = [
    (Retire(FIRST), [ALICE], accepted),
    (Retire(UNKNOWN), [ALICE], TitleNotFound),
    (Retire(FIRST), [BOB], OwnerHasNotSigned),
    (Retire(FIRST), [CLERK], OwnerHasNotSigned),
    (Retire(WRECK), [ALICE], TitleIsRetired),
    (Retire(SECOND), [ALICE], TitleIsLocked),
]

TABLES = (REGISTER, AMEND, TRANSFER, RETIRE)


@pytest.mark.parametrize(
    ("command", "signers", "verdict"), [row for table in TABLES for row in table]
)
def test_each_command(command: Record, signers: list[int], verdict: Verdict) -> None:
    """Each is accepted from whom it should be, and refused for its own reason."""
    trial = cast()
    locked(trial, SECOND)
    assert verdict == trial.execute(command, signers=signers)


def test_what_a_registration_writes() -> None:
    """The id is computed from kind and name, whoever registers."""
    trial = founded()
    do(trial, car("VIN-7"), CLERK, ALICE)
    expected = Title("car", "VIN-7", key(ALICE), RED, None, NOW, 0, 1, None)
    assert expected == trial.read(Title, title_id("car", "VIN-7"))


def test_each_change_is_a_revision() -> None:
    """Attributes are replaced whole; the past stands in the events."""
    trial = cast()
    do(trial, amend(), CLERK, ALICE)
    do(trial, transfer(), ALICE)
    do(trial, Retire(FIRST), BOB)
    expected = Title("car", "VIN-1", key(BOB), BLUE, None, NOW, NOW, 4, None)
    assert expected == title_of(trial, FIRST)


def test_a_lock_that_has_lapsed_binds_nobody() -> None:
    """A moment before, the owner is refused; at it, he is not."""
    trial = cast()
    locked(trial, until=NOW + 100)
    trial.move_to(NOW + 99)
    assert TitleIsLocked == trial.execute(transfer(), signers=[ALICE])
    assert "is held by market" in trial.message
    assert "2023-11-14T22:13:20.100Z" in trial.message
    trial.move_to(NOW + 100)
    do(trial, amend(), ALICE, CLERK)
    do(trial, transfer(), ALICE)
    assert title_of(trial, FIRST).lock is None


@pytest.mark.parametrize("command", [Retire(FIRST), transfer(), amend()])
def test_the_last_of_several_commands_decides(command: Record) -> None:
    """What is retired in a transaction cannot change in it, and nothing of it takes effect."""
    trial = cast()
    verdict = trial.execute([Retire(FIRST), command], signers=[ALICE, CLERK])
    assert TitleIsRetired == verdict
    assert (0, 1) == (title_of(trial, FIRST).retired_at, title_of(trial, FIRST).revision)


def seeds(*seed: Seed) -> TitleParameters:
    """Return parameters with which a ledger begins."""
    return TitleParameters(titles=seed)


def test_a_ledger_begins_with_its_seeds() -> None:
    """They are there at genesis, listed as all others."""
    trial = founded(
        titles=seeds(Seed("car", "VIN-1", key(ALICE), RED), Seed("car", "VIN-2", key(BOB), ()))
    )
    assert (key(ALICE), RED, NOW - 1_000) == (
        title_of(trial, FIRST).owner,
        title_of(trial, FIRST).attributes,
        title_of(trial, FIRST).registered_at,
    )
    assert NameIsTaken == trial.execute(car("VIN-2"), signers=[ALICE, CLERK])


@pytest.mark.parametrize(
    ("titles", "problem"),
    [
        (seeds(Seed("car", "A", BAD_KEY, ())), r"titles\[0\]: owner"),
        (seeds(Seed("car", "A", key(1), ()), Seed("car", "A", key(2), ())), r"titles\[1\].*twice"),
        (seeds(Seed("car", "A", key(1), TWICE)), r"titles\[0\]: attributes"),
    ],
)
def test_a_ledger_does_not_begin_with_nonsense(titles: TitleParameters, problem: str) -> None:
    """Whoever sets it up is told what is wrong."""
    with pytest.raises(ValueError, match=problem):
        founded(titles=titles)
