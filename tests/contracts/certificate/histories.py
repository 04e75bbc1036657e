"""Random histories: what many people might do with certificates, rightly and wrongly."""

from collections.abc import Iterator, Sequence

from hypothesis import strategies as st

from tallystick.base.encoding import Record
from tallystick.base.identifiers import LockId, RecordId
from tallystick.contracts.certificate.commands import (
    Claim,
    Correct,
    Issue,
    Pledge,
    Split,
    SplitPart,
    Transfer,
    Unclaim,
    Withdraw,
)
from tallystick.contracts.certificate.model import Certificate, Settlement, is_leaf
from tallystick.contracts.measurement.model import Kind, Measurement, Quality
from tallystick.core.invariant import Leaf
from tallystick.testing.factories import BEGIN, ISSUING_BODY, PUBLISHER, measurement_of, publish
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.certificate import locker
from tests.contracts.certificate.cases import LOCK, SOLAR
from tests.contracts.certificate.locker import Cut, Free, Keep, Move, Use

PEOPLE = (400, 401, 402)
"""Whoever can own something: each has a measurement, two produce and one consumes."""

PRODUCERS, CONSUMERS = PEOPLE[:2], PEOPLE[2:]
STEPS_MAX = 40

Step = tuple[str, int, int, int]
"""What is tried, and three numbers that say with what."""

ACTIONS = (
    "issue",
    "transfer",
    "split",
    "split",
    "claim",
    "claim",
    "withdraw",
    "unclaim",
    "correct",
    "correct",
    "recount",
    "lock",
    "release",
    "move",
    "cut",
    "use",
    "pledge",
    "wait",
    "seal",
)

steps: st.SearchStrategy[list[Step]] = st.lists(
    st.tuples(
        st.sampled_from(ACTIONS), st.integers(0, 11), st.integers(0, 11), st.integers(0, 120)
    ),
    max_size=STEPS_MAX,
)


def begin_history(trial: Trial) -> None:
    """Publish what everybody produced and consumed."""
    for owner in PRODUCERS:
        trial.execute(publish(owner, amount=100), signers=[PUBLISHER])
        trial.execute(Issue(measurement_of(owner), *SOLAR), signers=[ISSUING_BODY])
    for owner in CONSUMERS:
        command = publish(owner, amount=120, kind=Kind.CONSUMPTION)
        trial.execute(command, signers=[PUBLISHER])


def play(trial: Trial, history: Sequence[Step]) -> Iterator[Step]:
    """Begin, then try one step after the other, yielding each; the trial checks the laws."""
    begin_history(trial)
    yield "begin", 0, 0, 0
    for step in history:
        action, first, second, number = step
        if action == "wait":
            trial.move_to(trial.time + number)
        elif action == "seal":
            trial.close_block()
        else:
            trial.execute(_command(trial, action, first, second, number), signers=_signers())
        yield step


def leaves(trial: Trial) -> dict[RecordId, Leaf]:
    """Return everything that stands on the ledger, by id."""
    everything: dict[RecordId, Leaf] = {
        id: trial.state.decode(data) for id, data in trial.state.store.items()
    }
    everything |= {change.id: change.after for change in trial.candidate.overlay.changes()}
    return dict(sorted(everything.items()))


def certificates(trial: Trial) -> dict[RecordId, Certificate]:
    """Return every certificate, by id."""
    found = {id: leaf.get(Certificate) for id, leaf in leaves(trial).items()}
    return {id: each for id, each in found.items() if isinstance(each, Certificate)}


def settlements(trial: Trial) -> dict[RecordId, Settlement]:
    """Return every settlement, by id."""
    found = {id: leaf.get(Settlement) for id, leaf in leaves(trial).items()}
    return {id: each for id, each in found.items() if isinstance(each, Settlement)}


def _signers() -> list[int]:
    """Everybody signs everything, so that what is refused is refused for better reasons."""
    return [*PEOPLE, ISSUING_BODY]


def _command(trial: Trial, action: str, first: int, second: int, number: int) -> Record:
    """Return the command that a step means, given what stands on the ledger."""
    existing = certificates(trial)
    usable = [id for id, each in existing.items() if each.next is None] or list(existing)
    id = usable[first % len(usable)]
    whole = existing[id]
    owner = key(PEOPLE[second % len(PEOPLE)])
    consumption = measurement_of(CONSUMERS[0])
    lock_id: LockId | None = LOCK if number % 4 else None
    any_id = list(existing)[first % len(existing)]
    lapse = trial.time + number
    commands: dict[str, Record] = {
        "issue": Issue(measurement_of(PRODUCERS[first % 2]), *SOLAR),
        "transfer": Transfer(id, owner, None),
        "split": Split(id, _parts(whole, second, number), None),
        "claim": Claim(id, consumption, None),
        "withdraw": Withdraw(any_id, "by chance"),
        "unclaim": Unclaim(consumption, any_id),
        "correct": _correction(existing, PRODUCERS[first % 2], number),
        "recount": Correct(consumption, number, Quality.MEASURED, ()),
        "lock": Keep(id, LOCK, lapse if number % 2 else 0),
        "release": Free(id, LOCK),
        "move": Move(id, owner, lock_id),
        "cut": Cut(id, _parts(whole, second, number), lock_id),
        "use": Use(id, consumption, lock_id),
        "pledge": Pledge(key(PEOPLE[2]), BEGIN, locker.NAME, LOCK, lapse),
    }
    return commands[action]


def _parts(whole: Certificate, second: int, number: int) -> tuple[SplitPart, ...]:
    """Return two parts of a certificate, or the whole as one."""
    one = key(PEOPLE[second % len(PEOPLE)])
    other = key(PEOPLE[(second + 1) % len(PEOPLE)])
    cut_wh = min(number, whole.amount_wh)
    pieces = ((cut_wh, one), (whole.amount_wh - cut_wh, other))
    return tuple(SplitPart(amount_wh, owner) for amount_wh, owner in pieces if amount_wh)


def _correction(existing: dict[RecordId, Certificate], owner: int, number: int) -> Correct:
    """Return a correction of a production that names all of its leaves."""
    id = measurement_of(owner)
    tree = [each for each, leaf in existing.items() if leaf.measurement == id and is_leaf(leaf)]
    return Correct(id, number, Quality.MEASURED, tuple(tree))


def everything_measured_wh(trial: Trial) -> dict[RecordId, int]:
    """Return what each measurement says, by id."""
    found = {id: leaf.get(Measurement) for id, leaf in leaves(trial).items()}
    return {id: each.amount for id, each in found.items() if isinstance(each, Measurement)}
