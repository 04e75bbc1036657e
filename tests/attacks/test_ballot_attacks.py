"""What a false roll, or its administrator, could do to a ballot, and does not."""

from msgspec.structs import replace

from tallystick.base import merkle
from tallystick.base.amounts import AMOUNT_MAX
from tallystick.base.encoding import encode
from tallystick.base.identifiers import Hash
from tallystick.contracts.ballot.commands import NO_EVIDENCE, Delegate, Open, Vote
from tallystick.contracts.ballot.errors import RollIsExhausted, TooManyProxies
from tallystick.contracts.ballot.model import (
    Choice,
    Progress,
    progress_id,
    roll_paths,
    voter_of,
)
from tallystick.contracts.ballot.roll import Electorate, Roll, RollEntry
from tallystick.contracts.identity.commands import RotateKey
from tallystick.testing.keys import key
from tallystick.testing.tables import accepted
from tests.contracts.ballot.cases import (
    ADMIN,
    ANNA,
    BEGIN,
    BERT,
    FIONA,
    FIONA_ID,
    FRESH,
    NONE,
    SITTING,
    called,
    do,
    found,
    opened,
    question,
)


def test_lines_that_weigh_more_than_the_roll_says_count_no_more() -> None:
    """Two voters on different questions together stay within the roll's own sum."""
    questions = (question("one"), question("two"))
    lines = [
        RollEntry(
            voter=key(n),
            weight=AMOUNT_MAX,
            voter_class="A",
            for_others=False,
            available=True,
            excluded=(),
        )
        for n in (ANNA, BERT)
    ]
    trial = found()
    id = called(trial, replace(SITTING, questions=questions, quorum=NONE))
    roll = Roll(
        Hash(merkle.root([encode(each) for each in lines])),
        2,
        AMOUNT_MAX,
        AMOUNT_MAX,
        tuple(Electorate(AMOUNT_MAX, AMOUNT_MAX) for _ in questions),
    )
    assert accepted == trial.execute(Open(id, roll), signers=[ADMIN])
    trial.move_to(BEGIN)
    paths = list(roll_paths(lines))
    votes = [
        Vote(id, line, n, paths[n], (Choice(n, 0, AMOUNT_MAX),), None, NO_EVIDENCE)
        for n, line in enumerate(lines)
    ]
    assert accepted == trial.execute(votes[0], signers=[ANNA])
    assert RollIsExhausted == trial.execute(votes[1], signers=[BERT])
    progress = trial.read(Progress, progress_id(id))
    assert progress is not None
    assert (1, AMOUNT_MAX) == (progress.voters, progress.weight)


def test_a_lawyer_of_many_names_represents_no_more_than_one() -> None:
    """By key, by the mark of the identity, by each key that came after: the places are the same."""
    trial = found()
    id = opened(trial, replace(SITTING, proxies_max=1))
    do(trial, Delegate(id, key(ANNA), key(FIONA), ()), ANNA, FIONA)
    names = [key(FIONA), voter_of(FIONA_ID)]
    for name in names:
        command = Delegate(id, key(BERT), name, ())
        assert TooManyProxies == trial.execute(command, signers=[BERT, FIONA])
    do(trial, RotateKey(FIONA_ID, key(FRESH)), FIONA, FRESH)
    for name in (*names, key(FRESH)):
        command = Delegate(id, key(BERT), name, ())
        assert TooManyProxies == trial.execute(command, signers=[BERT, FRESH])
