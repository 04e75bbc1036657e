"""However many names a delegate has, he is one."""

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.ballot.commands import Delegate, Open
from tallystick.contracts.ballot.errors import DelegateIsVoter, TooManyProxies
from tallystick.contracts.ballot.model import (
    Delegation,
    Evidence,
    Proxies,
    delegation_id,
    proxies_id,
    roll_of,
    voter_of,
)
from tallystick.contracts.ballot.views import DelegationView, ShowDelegation
from tallystick.contracts.identity.commands import Enrol, RotateKey
from tallystick.contracts.identity.model import EVERYWHERE
from tallystick.core.errors import Rejected
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BEGIN,
    BERT,
    CARA,
    DORA,
    EMIL,
    FIONA,
    FIONA_ID,
    FRESH,
    LAWYER,
    REGISTRAR,
    SITTING,
    ballot_of,
    called,
    delegation,
    do,
    found,
    opened,
    revocation,
)
from tests.contracts.ballot.test_persons import Elsewhere

ONE_EACH = replace(SITTING, proxies_max=1)
MARK = voter_of(FIONA_ID)


def _named() -> tuple[Trial, RecordId]:
    """Return a vote in which Anna is represented by Fiona, who has changed her key."""
    trial = found()
    id = opened(trial, ONE_EACH)
    do(trial, delegation(id, ANNA, FIONA), ANNA, FIONA)
    do(trial, RotateKey(FIONA_ID, key(FRESH)), FIONA, FRESH)
    return trial, id


NAMES: list[tuple[PublicKey, int, Verdict]] = [
    (key(FIONA), FRESH, TooManyProxies),
    (key(FRESH), FRESH, TooManyProxies),
    (MARK, FRESH, TooManyProxies),
    (key(LAWYER), LAWYER, accepted),
]


@pytest.mark.parametrize(("delegate", "signer", "verdict"), NAMES)
def test_all_names_of_somebody_count_as_one(
    delegate: PublicKey, signer: int, verdict: Verdict
) -> None:
    """The key that was replaced, the one in its place, the mark of the identity."""
    trial, id = _named()
    command = Delegate(id, key(BERT), delegate, ())
    assert verdict == trial.execute(command, signers=[BERT, signer])
    counted = trial.read(Proxies, proxies_id(id, MARK))
    assert Proxies(id, MARK, 1) == counted
    assert trial.read(Proxies, proxies_id(id, key(FIONA))) is None


def test_a_place_is_freed_whatever_the_name() -> None:
    """What was given to a key is taken back from the identity, and shown as the identity's."""
    trial, id = _named()
    shown = trial.ask(ShowDelegation(id, key(ANNA)))
    assert isinstance(shown, DelegationView)
    assert (key(FIONA), 1) == (shown.delegate, shown.represented)
    do(trial, revocation(id, ANNA), ANNA)
    do(trial, Delegate(id, key(BERT), MARK, ()), BERT, FRESH)


def _collected() -> tuple[Trial, RecordId]:
    """Return a vote in which three keys that nobody knew have accepted, and are Emil's now."""
    trial = found()
    id = opened(trial, ONE_EACH)
    for voter, delegate in ((ANNA, EMIL), (BERT, LAWYER), (DORA, FRESH)):
        do(trial, delegation(id, voter, delegate), voter, delegate)
    (enrolled, *_) = do(trial, Enrol(key(EMIL), EVERYWHERE), REGISTRAR)
    identity = enrolled.identity  # type: ignore[attr-defined]  # It is what enrolling reports.
    do(trial, RotateKey(identity, key(LAWYER)), EMIL, LAWYER)
    do(trial, RotateKey(identity, key(FRESH)), LAWYER, FRESH)
    trial.move_to(BEGIN)
    return trial, id


def test_keys_that_came_together_later_count_as_one() -> None:
    """Each may have accepted as much as it could; by then only one of them finds room."""
    trial, id = _collected()
    do(trial, ballot_of(id, ANNA, delegate=EMIL), FRESH)
    given = trial.read(Delegation, delegation_id(id, key(ANNA)))
    assert given is not None
    assert given.used
    assert given.counted_as not in {key(EMIL), key(LAWYER), key(FRESH)}
    assert Proxies(id, given.counted_as, 1) == trial.read(Proxies, proxies_id(id, given.counted_as))
    assert Proxies(id, key(EMIL), 0) == trial.read(Proxies, proxies_id(id, key(EMIL)))
    for voter, delegate in ((BERT, LAWYER), (DORA, FRESH)):
        command = ballot_of(id, voter, delegate=delegate)
        assert TooManyProxies == trial.execute(command, signers=[FRESH])
    do(trial, revocation(id, BERT), BERT)
    do(trial, ballot_of(id, BERT), BERT)
    assert [] == list(trial.violations())


def test_what_is_used_once_has_its_place() -> None:
    """A second statement by the same delegation needs no room."""
    trial, id = _collected()
    do(trial, ballot_of(id, ANNA, delegate=EMIL), FRESH)
    do(trial, replace(ballot_of(id, ANNA, delegate=EMIL), choices=_on_charter()), FRESH)


def _on_charter() -> tuple[object, ...]:
    """Return Anna's choice on the second question."""
    return tuple(replace(each, question=1) for each in ballot_of(RecordId(bytes(32)), ANNA).choices)


@pytest.mark.parametrize(
    ("voter", "delegate"), [(MARK, key(FIONA)), (key(FIONA), MARK), (MARK, MARK)]
)
def test_nobody_represents_himself_by_another_name(voter: PublicKey, delegate: PublicKey) -> None:
    """The key and the mark of an identity are one person."""
    trial = found()
    id = called(trial)
    command = Delegate(id, voter, delegate, ())
    assert DelegateIsVoter == trial.execute(command, signers=[FIONA])


def test_who_is_known_elsewhere_counts_by_the_key_that_acts_there() -> None:
    """Under which the same person could accept without any proof."""
    play = Elsewhere().recognised()
    id = called(play.here, replace(play.terms, proxies_max=1))
    do(play.here, Open(id, roll_of([play.line], play.terms)), ADMIN)
    proof = Evidence(proof=play.there.prove(play.identity))
    first = Delegate(id, key(ANNA), voter_of(play.identity), (), acceptance=proof)
    do(play.here, first, ANNA, FIONA)
    verdicts: list[type[Rejected] | Verdict] = []
    second: list[Record] = [
        Delegate(id, key(BERT), key(FIONA), ()),
        Delegate(id, key(CARA), voter_of(play.identity), (), acceptance=proof),
    ]
    for command, voter in zip(second, (BERT, CARA), strict=True):
        verdicts.append(play.here.execute(command, signers=[voter, FIONA]))
    assert [TooManyProxies, TooManyProxies] == verdicts
