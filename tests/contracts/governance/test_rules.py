"""Who may change the rules, by which ballot, and from when on."""

import ast
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record, encode
from tallystick.contracts import governance
from tallystick.contracts.ballot.model import Base
from tallystick.contracts.governance import errors
from tallystick.contracts.governance.commands import Apply, Enact, Propose
from tallystick.contracts.governance.errors import (
    AppliedBefore,
    BallotIsClosed,
    BallotIsNotClosed,
    BallotIsOfAnotherBody,
    BallotNotFound,
    ContractChangedTwice,
    ContractMustBeSown,
    ContractNotInForce,
    EnactedBefore,
    HeightIsAhead,
    HeightIsTooFar,
    HeightIsTooNear,
    NewBodyHasNotSigned,
    NotEnacted,
    NothingToApply,
    ParametersAreUnsound,
    ParametersDoNotFit,
    PlanIsFull,
    ProposalHasLapsed,
    ProposalNotCarried,
    ProposalNotFound,
    ProposedBefore,
    QuestionIsAboutAnother,
    QuestionIsNotYesOrNo,
    QuestionNotFound,
    RequirementIsMissing,
    SupportIsTooSmall,
)
from tallystick.contracts.governance.model import (
    Change,
    Proposal,
    SetParameters,
    SetVersion,
    proposal_id,
)
from tallystick.contracts.identity.commands import Appoint
from tallystick.contracts.identity.model import KeyBinding as Binding
from tallystick.contracts.identity.model import Role, key_id
from tallystick.core.errors import UnknownCommand, VersionIsLacking
from tallystick.core.release import SETTINGS_MAX
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.governance.cases import (
    ADMIN,
    AGAINST,
    ANNA,
    BERT,
    CARA,
    FEE,
    FOR,
    HEIGHT,
    HOUR,
    NEW_FEE,
    NOW,
    OTHER_ADMIN,
    OTHER_BODY,
    PARAMETERS,
    STRANGER,
    UNKNOWN,
    about,
    called,
    carried,
    cast,
    do,
    enacted,
    fee_charged,
    fee_of,
    found,
    go_to,
    opened,
    proposed,
    proposing,
    question,
    resolution,
    voted,
    with_parameters,
)
from tests.contracts.governance.till import FEE_MAX, SafeParameters, SownParameters

SAFE = (SetVersion("safe", 1), SetParameters("safe", encode(SafeParameters())))
SOWN = (SetVersion("sown", 1), SetParameters("sown", encode(SownParameters())))

CHANGES: list[tuple[tuple[Change, ...], Verdict]] = [
    ((fee_of(NEW_FEE),), accepted),
    ((fee_of(FEE_MAX),), accepted),
    ((SetVersion("till", 2),), accepted),
    ((SetVersion("till", 2), fee_of(NEW_FEE)), accepted),
    (SAFE, accepted),
    ((SetVersion("till", 4), *SAFE), accepted),
    ((with_parameters(majority=PARAMETERS.turnout),), accepted),
    ((fee_of(1), fee_of(2)), ContractChangedTwice),
    ((SetVersion("till", 2), SetVersion("till", 1)), ContractChangedTwice),
    ((SetParameters("moon", b""),), ContractNotInForce),
    ((SAFE[1],), ContractNotInForce),
    ((SetVersion("till", 4),), RequirementIsMissing),
    (SOWN, ContractMustBeSown),
    ((SetVersion("till", 3),), ParametersDoNotFit),
    ((SetVersion("safe", 1),), ParametersDoNotFit),
    ((SetParameters("till", b"nonsense"),), ParametersDoNotFit),
    ((SetParameters("till", b""),), ParametersDoNotFit),
    ((SetParameters("till", encode(SafeParameters())),), ParametersDoNotFit),
    ((fee_of(-1),), ParametersDoNotFit),
    ((fee_of(FEE_MAX + 1),), ParametersAreUnsound),
    ((with_parameters(notice_blocks_max=1),), ParametersAreUnsound),
    ((with_parameters(majority=replace(PARAMETERS.majority, numerator=2)),), ParametersAreUnsound),
    ((with_parameters(turnout=replace(PARAMETERS.turnout, numerator=3)),), ParametersAreUnsound),
    ((with_parameters(notice_blocks_min=0),), ParametersDoNotFit),
    ((with_parameters(body=OTHER_BODY),), NewBodyHasNotSigned),
    ((with_parameters(body="nowhere"),), NewBodyHasNotSigned),
]


@pytest.mark.parametrize(("changes", "verdict"), CHANGES)
def test_what_can_be_proposed(changes: tuple[Change, ...], verdict: Verdict) -> None:
    """Only what will work at its height; nonsense is never voted on."""
    trial = found()
    command = proposing(trial, resolution(*changes))
    assert verdict == trial.execute(command, signers=[STRANGER]), trial.message


def test_a_new_body_agrees() -> None:
    """Its administrator signs the proposal, so there is one."""
    trial = found()
    command = proposing(trial, resolution(with_parameters(body=OTHER_BODY)))
    assert NewBodyHasNotSigned == trial.execute(command, signers=[ADMIN])
    assert accepted == trial.execute(command, signers=[OTHER_ADMIN])


Arrange = Callable[[Trial], Record]


def _of_other_body(trial: Trial) -> Propose:
    """Propose what another body's ballot is about."""
    what = resolution()
    return Propose(what, called(trial, about(trial, what), body=OTHER_BODY), 0)


def _of_other_question(trial: Trial, **changes: object) -> Propose:
    """Propose something else than the ballot is about."""
    return replace(proposing(trial), **changes)


def _odd(trial: Trial, **how: Any) -> Propose:
    """Propose what is asked in another way."""
    what = resolution()
    plain = about(trial, what)
    return Propose(what, called(trial, question(plain.document, **how)), 0)


def _counted(trial: Trial) -> Propose:
    """Propose what was voted on already."""
    command = proposing(trial)
    voted(trial, command.ballot)
    return command


def _running(trial: Trial) -> Propose:
    """Propose what is being voted on."""
    command = proposing(trial)
    opened(trial, command.ballot)
    return command


def _twice(trial: Trial) -> Propose:
    """Propose what is proposed."""
    return proposed(trial)


def _full(trial: Trial) -> Propose:
    """Propose one more than a plan holds."""
    for n in range(SETTINGS_MAX):
        enacted(trial, resolution(height=HEIGHT + n))
    return proposing(trial, resolution(fee_of(1)))


PROPOSE: list[tuple[Arrange, Verdict]] = [
    (proposing, accepted),
    (_running, accepted),
    (lambda trial: proposing(trial, resolution(height=3)), accepted),
    (lambda trial: proposing(trial, resolution(height=1_001)), accepted),
    (lambda trial: replace(proposing(trial), ballot=UNKNOWN), BallotNotFound),
    (lambda trial: replace(proposing(trial), question=1), QuestionNotFound),
    (_twice, ProposedBefore),
    (_of_other_body, BallotIsOfAnotherBody),
    (
        lambda trial: _of_other_question(trial, resolution=resolution(fee_of(1))),
        QuestionIsAboutAnother,
    ),
    (
        lambda trial: _of_other_question(trial, resolution=resolution(height=9)),
        QuestionIsAboutAnother,
    ),
    (lambda trial: Propose(resolution(), called(trial, question(None)), 0), QuestionIsAboutAnother),
    (lambda trial: _odd(trial, motions=2), QuestionIsNotYesOrNo),
    (lambda trial: _odd(trial, base=Base.CLASS), QuestionIsNotYesOrNo),
    (lambda trial: _odd(trial, options=("against", "for")), QuestionIsNotYesOrNo),
    (lambda trial: _odd(trial, options=("for", "against", "abstain")), accepted),
    (_counted, BallotIsClosed),
    (lambda trial: proposing(trial, resolution(expiry=NOW)), ProposalHasLapsed),
    (lambda trial: proposing(trial, resolution(height=2)), HeightIsTooNear),
    (lambda trial: proposing(trial, resolution(height=0)), HeightIsTooNear),
    (lambda trial: proposing(trial, resolution(height=1_002)), HeightIsTooFar),
    (_full, PlanIsFull),
    (lambda trial: replace(proposing(trial), resolution=resolution(height=-1)), UnknownCommand),
]


@pytest.mark.parametrize(("arrange", "verdict"), PROPOSE)
def test_propose(arrange: Arrange, verdict: Verdict) -> None:
    """By anybody, about what the ballot's question names, in time."""
    trial = found()
    assert verdict == trial.execute(arrange(trial), signers=[STRANGER]), trial.message


def _voted(votes: dict[int, int]) -> Arrange:
    """Return an enactment after a vote."""

    def arrange(trial: Trial) -> Enact:
        command = proposed(trial)
        voted(trial, command.ballot, votes)
        return Enact(proposal_id(command.ballot, 0))

    return arrange


def _going_on(trial: Trial) -> Enact:
    """Enact what is being voted on."""
    command = proposed(trial)
    opened(trial, command.ballot)
    cast(trial, command.ballot, ANNA, FOR)
    return Enact(proposal_id(command.ballot, 0))


def _late(height: int) -> Arrange:
    """Return an enactment in a block."""

    def arrange(trial: Trial) -> Enact:
        id = carried(trial)
        go_to(trial, height)
        return Enact(id)

    return arrange


def _lapsed(trial: Trial) -> Enact:
    """Enact when the time is over."""
    id = carried(trial)
    trial.move_to(NOW + 24 * HOUR)
    return Enact(id)


def _governed_by_others(trial: Trial) -> Enact:
    """Enact what was carried before somebody else came to govern."""
    id = carried(trial, resolution(height=20))
    enacted(trial, resolution(with_parameters(body=OTHER_BODY), height=5), OTHER_ADMIN)
    go_to(trial, 5)
    return Enact(id)


def _overtaken(trial: Trial) -> Enact:
    """Enact a fee for a till that takes other parameters by then."""
    id = carried(trial)
    tipped = SetParameters("till", encode(["till-parameters/3", 1, 2]))
    enacted(trial, resolution(SetVersion("till", 3), tipped, height=5))
    return Enact(id)


ENACT: list[tuple[Arrange, Verdict]] = [
    (lambda trial: Enact(carried(trial)), accepted),
    (_voted({ANNA: FOR}), accepted),
    (_voted({BERT: FOR, CARA: FOR}), accepted),
    (_late(HEIGHT - 2), accepted),
    (lambda _: Enact(UNKNOWN), ProposalNotFound),
    (lambda trial: Enact(enacted(trial)), EnactedBefore),
    (_governed_by_others, BallotIsOfAnotherBody),
    (lambda trial: Enact(proposal_id(proposed(trial).ballot, 0)), BallotIsNotClosed),
    (_going_on, BallotIsNotClosed),
    (_voted({ANNA: AGAINST}), ProposalNotCarried),
    (_voted({}), ProposalNotCarried),
    (_voted({BERT: FOR}), SupportIsTooSmall),
    (_voted({BERT: AGAINST, CARA: FOR}), SupportIsTooSmall),
    (_voted({ANNA: FOR, BERT: AGAINST, CARA: AGAINST}), SupportIsTooSmall),
    (_lapsed, ProposalHasLapsed),
    (_late(HEIGHT - 1), HeightIsTooNear),
    (_late(HEIGHT), HeightIsTooNear),
    (_late(HEIGHT + 5), HeightIsTooNear),
    (_overtaken, ParametersDoNotFit),
]


@pytest.mark.parametrize(("arrange", "verdict"), ENACT)
def test_enact(arrange: Arrange, verdict: Verdict) -> None:
    """By anybody, once, if its own ballot has carried it and it still can work."""
    trial = found()
    assert verdict == trial.execute(arrange(trial), signers=[STRANGER]), trial.message


def _appointment(trial: Trial) -> Appoint:
    """Return what makes the administrator a publisher."""
    binding = trial.read(Binding, key_id(key(ADMIN)))
    assert binding is not None
    return Appoint(binding.identity, Role.DIRECTOR, "north", 0, 0)


def _acting(height: int, *, applied: bool = False) -> Arrange:
    """Return what lets identity act, in a block."""

    def arrange(trial: Trial) -> Apply:
        id = enacted(trial, resolution(_appointment(trial)))
        go_to(trial, height)
        if applied:
            do(trial, Apply(id), STRANGER)
        return Apply(id)

    return arrange


def _too_late(trial: Trial) -> Apply:
    """Apply when the time is over."""
    command = _acting(HEIGHT)(trial)
    assert isinstance(command, Apply)
    trial.move_to(NOW + 24 * HOUR)
    return command


APPLY: list[tuple[Arrange, Verdict]] = [
    (_acting(HEIGHT), accepted),
    (_acting(HEIGHT + 10), accepted),
    (lambda _: Apply(UNKNOWN), ProposalNotFound),
    (lambda trial: Apply(carried(trial, resolution(_appointment(trial)))), NotEnacted),
    (lambda trial: Apply(enacted(trial)), NothingToApply),
    (_acting(HEIGHT, applied=True), AppliedBefore),
    (_too_late, ProposalHasLapsed),
    (_acting(HEIGHT - 1), HeightIsAhead),
]


@pytest.mark.parametrize(("arrange", "verdict"), APPLY)
def test_apply(arrange: Arrange, verdict: Verdict) -> None:
    """By anybody, once, from the height on, if it was enacted."""
    trial = found()
    assert verdict == trial.execute(arrange(trial), signers=[STRANGER]), trial.message


def test_parameters_hold_from_the_height_on() -> None:
    """Not a block before, and in each block after."""
    trial = found()
    enacted(trial)
    fees = {}
    while trial.candidate.height < HEIGHT + 2:
        fees[trial.candidate.height] = fee_charged(trial)
        trial.close_block()
    assert {n: NEW_FEE if n >= HEIGHT else FEE for n in range(1, HEIGHT + 2)} == fees


def test_a_version_holds_from_the_height_on() -> None:
    """Together with the parameters that it takes."""
    trial = found()
    tipped = SetParameters("till", encode(["till-parameters/3", 10, 5]))
    enacted(trial, resolution(SetVersion("till", 3), tipped))
    go_to(trial, HEIGHT - 1)
    assert FEE == fee_charged(trial)
    trial.close_block()
    assert 15 == fee_charged(trial)


def test_of_two_decisions_the_later_height_rules() -> None:
    """Also if it was enacted first; for the same height the one that was enacted last."""
    trial = found()
    enacted(trial, resolution(fee_of(30), height=10))
    enacted(trial, resolution(fee_of(20), height=9))
    enacted(trial, resolution(fee_of(40), height=9, title="Another fee"))
    go_to(trial, 9)
    assert 40 == fee_charged(trial)
    go_to(trial, 10)
    assert 30 == fee_charged(trial)


def test_one_vote_counts_once() -> None:
    """Neither again for the same proposal, nor for an equal one that another ballot decides."""
    trial = found()
    first = proposed(trial)
    second = proposed(trial)
    voted(trial, first.ballot)
    do(trial, Enact(proposal_id(first.ballot, 0)), STRANGER)
    assert EnactedBefore == trial.execute(Enact(proposal_id(first.ballot, 0)), signers=[STRANGER])
    other = Enact(proposal_id(second.ballot, 0))
    assert BallotIsNotClosed == trial.execute(other, signers=[STRANGER])


def test_what_is_missed_is_proposed_again() -> None:
    """Who enacts too late changes nothing; a new vote does."""
    trial = found()
    id = carried(trial)
    go_to(trial, HEIGHT)
    assert HeightIsTooNear == trial.execute(Enact(id), signers=[STRANGER])
    assert FEE == fee_charged(trial)
    enacted(trial, resolution(height=HEIGHT + 5))
    go_to(trial, HEIGHT + 5)
    assert NEW_FEE == fee_charged(trial)


def test_what_this_software_lacks_is_refused_and_not_recorded() -> None:
    """A receipt that depends on the software could not be replayed by a newer one."""
    trial = found()
    for change in (SetVersion("till", 9), SetVersion("moon", 1)):
        command = proposing(trial, resolution(change))
        outcomes = len(trial.candidate.outcomes)
        with pytest.raises(VersionIsLacking, match="install one that does"):
            trial.execute(command, signers=[STRANGER])
        assert outcomes == len(trial.candidate.outcomes)
        assert trial.read(Proposal, proposal_id(command.ballot, 0)) is None


CODES = {kind.__name__: 971 + n for n, kind in enumerate(errors.REJECTIONS)}
"""Part of consensus: a code is never given to another reason."""


def test_codes_are_as_published() -> None:
    """The contract lists every rejection once, lowest code first, and every one occurs."""
    listed = {kind.__name__: kind.code for kind in errors.REJECTIONS}
    assert list(CODES.items()) == list(listed.items())
    assert (971, 997) == (listed["BallotNotFound"], listed["NewBodyHasNotSigned"])
    verdicts = {verdict for table in (PROPOSE, ENACT, APPLY) for _, verdict in table}
    verdicts |= {verdict for _, verdict in CHANGES}
    assert set(errors.REJECTIONS) == verdicts - {accepted, UnknownCommand}


@pytest.mark.parametrize("name", ["rules.py", "deciding.py"])
def test_rules_check_in_order_of_precedence(name: str) -> None:
    """In each rule, what is raised first has the lower code."""
    tree = ast.parse((Path(str(governance.__file__)).parent / name).read_text())
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef):
            raised = [
                node.exc.func.id
                for node in ast.walk(function)
                if isinstance(node, ast.Raise)
                and isinstance(node.exc, ast.Call)
                and isinstance(node.exc.func, ast.Name)
            ]
            codes = [CODES[each] for each in raised if each != "AssertionError"]
            assert all(before <= after for before, after in pairwise(codes)), function.name
