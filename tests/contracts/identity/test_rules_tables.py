"""Identity's rules, each as a table: who signs what, and what the ledger says."""

import pytest

from tallystick.base.identifiers import PublicKey
from tallystick.contracts import identity
from tallystick.contracts.identity.commands import Enrol
from tallystick.contracts.identity.errors import (
    AuthorityIsOver,
    AuthorityNotFound,
    IdentityNotFound,
    KeyIsNotOnCurve,
    KeyWasBoundBefore,
    LastRegistrar,
    NewKeyDidNotSign,
    PeriodIsEmpty,
    RegistrarIsEverywhere,
    SignerIsNotIdentity,
    SignerMayNotAppoint,
    SignerMayNotEnrol,
    TooManyRegistrars,
)
from tallystick.contracts.identity.model import (
    EVERYWHERE,
    REGISTRARS_MAX,
    Role,
)
from tallystick.core.errors import Rejected, UnknownCommand
from tallystick.testing.factories import (
    ISSUING_BODY,
    OTHER_ISSUING_BODY,
    PUBLISHER,
    REGISTRAR,
    STRANGER,
    TIME,
    VALLEY,
    VILLAGE,
    enrol,
    identity_parameters,
    village,
)
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial, Verdict, accepted
from tests.contracts.identity.cast import (
    CONTRACTS,
    DEPUTY,
    DISMISSED,
    EARLY,
    FRESH,
    HEIR,
    HOUR,
    LAPSED,
    METER,
    NEW,
    NOT_ON_CURVE,
    NOW,
    OLD,
    Build,
    appointing,
    cast,
    dismissing,
    rotating,
)

ENROL: list[tuple[PublicKey, str, list[int], Verdict]] = [
    (key(FRESH), EVERYWHERE, [REGISTRAR], accepted),
    (key(FRESH), VILLAGE, [REGISTRAR], accepted),
    (key(FRESH), "anywhere", [REGISTRAR], accepted),
    (key(FRESH), EVERYWHERE, [DEPUTY], accepted),
    (key(FRESH), VILLAGE, [ISSUING_BODY], accepted),
    (key(FRESH), VILLAGE, [STRANGER, ISSUING_BODY], accepted),
    (key(FRESH), VILLAGE, [NEW], accepted),
    (key(FRESH), EVERYWHERE, [ISSUING_BODY], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [OTHER_ISSUING_BODY], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [PUBLISHER], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [STRANGER], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [FRESH], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [LAPSED], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [DISMISSED], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [EARLY], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [HEIR], SignerMayNotEnrol),
    (key(FRESH), VILLAGE, [OLD], SignerMayNotEnrol),
    (NOT_ON_CURVE, VILLAGE, [STRANGER], SignerMayNotEnrol),
    (NOT_ON_CURVE, VILLAGE, [REGISTRAR], KeyIsNotOnCurve),
    (PublicKey(b"\x04" + key(FRESH)[1:]), VILLAGE, [REGISTRAR], KeyIsNotOnCurve),
    (key(METER), VILLAGE, [STRANGER], SignerMayNotEnrol),
    (key(METER), VILLAGE, [REGISTRAR], KeyWasBoundBefore),
    (key(OLD), VILLAGE, [REGISTRAR], KeyWasBoundBefore),
    (key(REGISTRAR), VILLAGE, [REGISTRAR], KeyWasBoundBefore),
    (key(FRESH), "", [REGISTRAR], UnknownCommand),
    (key(FRESH), "village\n", [REGISTRAR], UnknownCommand),
    (key(FRESH), "x" * 33, [REGISTRAR], UnknownCommand),
    (PublicKey(key(FRESH)[:32]), VILLAGE, [REGISTRAR], UnknownCommand),
]

APPOINT: list[tuple[Build, list[int], Verdict]] = [
    (appointing(METER, Role.PUBLISHER, VILLAGE), [REGISTRAR], accepted),
    (appointing(METER, Role.PUBLISHER, EVERYWHERE), [REGISTRAR], accepted),
    (appointing(METER, Role.ISSUING_BODY, VALLEY), [REGISTRAR], accepted),
    (appointing(METER, Role.REGISTRAR, EVERYWHERE), [REGISTRAR], accepted),
    (appointing(METER, Role.REGISTRAR, EVERYWHERE), [DEPUTY], accepted),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [ISSUING_BODY], accepted),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [METER, ISSUING_BODY], accepted),
    (appointing(PUBLISHER, Role.PUBLISHER, VILLAGE, end=NOW + 1), [ISSUING_BODY], accepted),
    (appointing(REGISTRAR, Role.REGISTRAR, EVERYWHERE), [REGISTRAR], accepted),
    (appointing(DEPUTY, Role.REGISTRAR, EVERYWHERE), [REGISTRAR], accepted),
    (appointing(DISMISSED, Role.ISSUING_BODY, VILLAGE), [REGISTRAR], accepted),
    (appointing(LAPSED, Role.PUBLISHER, VILLAGE), [ISSUING_BODY], accepted),
    (appointing(STRANGER, Role.PUBLISHER, VILLAGE), [REGISTRAR], IdentityNotFound),
    (appointing(METER, Role.PUBLISHER, EVERYWHERE), [ISSUING_BODY], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VALLEY), [ISSUING_BODY], SignerMayNotAppoint),
    (appointing(METER, Role.ISSUING_BODY, VILLAGE), [ISSUING_BODY], SignerMayNotAppoint),
    (appointing(METER, Role.REGISTRAR, EVERYWHERE), [ISSUING_BODY], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [PUBLISHER], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [METER], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [STRANGER], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [LAPSED], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [DISMISSED], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [EARLY], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [HEIR], SignerMayNotAppoint),
    (appointing(METER, Role.PUBLISHER, VILLAGE), [OLD], SignerMayNotAppoint),
    (appointing(METER, Role.REGISTRAR, VILLAGE), [REGISTRAR], RegistrarIsEverywhere),
    (appointing(METER, Role.PUBLISHER, VILLAGE, end=NOW), [REGISTRAR], PeriodIsEmpty),
    (appointing(METER, Role.PUBLISHER, VILLAGE, end=NOW + 1), [REGISTRAR], accepted),
    (
        appointing(METER, Role.PUBLISHER, VILLAGE, begin=NOW + 9, end=NOW + 9),
        [REGISTRAR],
        PeriodIsEmpty,
    ),
    (
        appointing(METER, Role.PUBLISHER, VILLAGE, begin=NOW - 9, end=NOW - 8),
        [REGISTRAR],
        PeriodIsEmpty,
    ),
    (
        appointing(REGISTRAR, Role.REGISTRAR, EVERYWHERE, end=NOW + HOUR),
        [REGISTRAR],
        LastRegistrar,
    ),
    (
        appointing(REGISTRAR, Role.REGISTRAR, EVERYWHERE, begin=NOW + 1),
        [REGISTRAR],
        LastRegistrar,
    ),
    (appointing(METER, Role.PUBLISHER, ""), [REGISTRAR], UnknownCommand),
    (appointing(METER, Role.PUBLISHER, VILLAGE, end=-1), [REGISTRAR], UnknownCommand),
]

DISMISS: list[tuple[Build, list[int], Verdict]] = [
    (dismissing(PUBLISHER, Role.PUBLISHER, VILLAGE), [REGISTRAR], accepted),
    (dismissing(PUBLISHER, Role.PUBLISHER, VILLAGE), [ISSUING_BODY], accepted),
    (dismissing(ISSUING_BODY, Role.ISSUING_BODY, VILLAGE), [REGISTRAR], accepted),
    (dismissing(EARLY, Role.ISSUING_BODY, VILLAGE), [REGISTRAR], accepted),
    (dismissing(DEPUTY, Role.REGISTRAR, EVERYWHERE), [REGISTRAR], accepted),
    (dismissing(DEPUTY, Role.REGISTRAR, EVERYWHERE), [DEPUTY], accepted),
    (dismissing(HEIR, Role.REGISTRAR, EVERYWHERE), [REGISTRAR], accepted),
    (dismissing(STRANGER, Role.PUBLISHER, VILLAGE), [REGISTRAR], AuthorityNotFound),
    (dismissing(METER, Role.PUBLISHER, VILLAGE), [REGISTRAR], AuthorityNotFound),
    (dismissing(PUBLISHER, Role.PUBLISHER, EVERYWHERE), [REGISTRAR], AuthorityNotFound),
    (dismissing(PUBLISHER, Role.ISSUING_BODY, VILLAGE), [REGISTRAR], AuthorityNotFound),
    (dismissing(PUBLISHER, Role.PUBLISHER, VILLAGE), [OTHER_ISSUING_BODY], SignerMayNotAppoint),
    (dismissing(PUBLISHER, Role.PUBLISHER, VILLAGE), [PUBLISHER], SignerMayNotAppoint),
    (dismissing(PUBLISHER, Role.PUBLISHER, VILLAGE), [STRANGER], SignerMayNotAppoint),
    (dismissing(PUBLISHER, Role.PUBLISHER, VILLAGE), [HEIR], SignerMayNotAppoint),
    (
        dismissing(ISSUING_BODY, Role.ISSUING_BODY, VILLAGE),
        [ISSUING_BODY],
        SignerMayNotAppoint,
    ),
    (dismissing(LAPSED, Role.PUBLISHER, VILLAGE), [REGISTRAR], AuthorityIsOver),
    (dismissing(DISMISSED, Role.ISSUING_BODY, VILLAGE), [REGISTRAR], AuthorityIsOver),
    (dismissing(REGISTRAR, Role.REGISTRAR, EVERYWHERE), [REGISTRAR], LastRegistrar),
    (dismissing(REGISTRAR, Role.REGISTRAR, EVERYWHERE), [DEPUTY], LastRegistrar),
    (dismissing(METER, Role.PUBLISHER, "a b"), [REGISTRAR], UnknownCommand),
]

ROTATE: list[tuple[Build, list[int], Verdict]] = [
    (rotating(METER, FRESH), [METER, FRESH], accepted),
    (rotating(REGISTRAR, FRESH), [REGISTRAR, FRESH], accepted),
    (rotating(OLD, FRESH), [NEW, FRESH], accepted),
    (rotating(DISMISSED, FRESH), [DISMISSED, FRESH], accepted),
    (rotating(STRANGER, FRESH), [STRANGER, FRESH], IdentityNotFound),
    (rotating(METER, FRESH), [FRESH], SignerIsNotIdentity),
    (rotating(METER, FRESH), [REGISTRAR, FRESH], SignerIsNotIdentity),
    (rotating(METER, FRESH), [STRANGER, FRESH], SignerIsNotIdentity),
    (rotating(OLD, FRESH), [OLD, FRESH], SignerIsNotIdentity),
    (rotating(METER, FRESH), [METER], NewKeyDidNotSign),
    (rotating(METER, FRESH), [METER, STRANGER], NewKeyDidNotSign),
    (rotating(METER, METER), [METER], KeyWasBoundBefore),
    (rotating(METER, PUBLISHER), [METER, PUBLISHER], KeyWasBoundBefore),
    (rotating(OLD, OLD), [OLD, NEW], KeyWasBoundBefore),
]


def crowded() -> Trial:
    """Return a village with as many permanent registrars as there may be, and one meter."""
    founders = [(number, Role.REGISTRAR, EVERYWHERE) for number in range(1, REGISTRARS_MAX + 1)]
    trial = village(identity_parameters(founders), contracts=CONTRACTS)
    enrol(trial, REGISTRARS_MAX + 1)
    return trial


CROWDED: list[tuple[list[Build], Verdict]] = [
    ([appointing(REGISTRARS_MAX + 1, Role.REGISTRAR, EVERYWHERE)], TooManyRegistrars),
    ([appointing(REGISTRARS_MAX + 1, Role.REGISTRAR, EVERYWHERE, end=TIME + 9)], accepted),
    ([appointing(REGISTRARS_MAX + 1, Role.PUBLISHER, EVERYWHERE)], accepted),
    ([appointing(REGISTRARS_MAX, Role.REGISTRAR, EVERYWHERE)], accepted),
    (
        [
            dismissing(REGISTRARS_MAX, Role.REGISTRAR, EVERYWHERE),
            appointing(REGISTRARS_MAX + 1, Role.REGISTRAR, EVERYWHERE),
        ],
        accepted,
    ),
]

CODES: dict[type[Rejected], int] = {
    IdentityNotFound: 101,
    AuthorityNotFound: 102,
    SignerMayNotEnrol: 103,
    SignerMayNotAppoint: 104,
    SignerIsNotIdentity: 105,
    NewKeyDidNotSign: 106,
    KeyIsNotOnCurve: 107,
    KeyWasBoundBefore: 108,
    RegistrarIsEverywhere: 109,
    PeriodIsEmpty: 110,
    AuthorityIsOver: 111,
    TooManyRegistrars: 112,
    LastRegistrar: 113,
}


@pytest.mark.parametrize(("who", "scope", "signers", "verdict"), ENROL)
def test_enrol(who: PublicKey, scope: str, signers: list[int], verdict: Verdict) -> None:
    """A registrar and the issuing body of the scope enrol keys, once each."""
    assert verdict == cast().execute(Enrol(key=who, scope=scope), signers=signers)


@pytest.mark.parametrize(("command", "signers", "verdict"), [*APPOINT, *DISMISS, *ROTATE])
def test_appoint_dismiss_and_rotate(command: Build, signers: list[int], verdict: Verdict) -> None:
    """Each command is accepted from whom it should be, and refused for its own reason."""
    trial = cast()
    assert verdict == trial.execute(command(trial), signers=signers)


@pytest.mark.parametrize(("commands", "verdict"), CROWDED)
def test_registrars_are_bounded(commands: list[Build], verdict: Verdict) -> None:
    """The list of permanent registrars holds so many and no more."""
    trial = crowded()
    assert verdict == trial.execute([command(trial) for command in commands], signers=[REGISTRAR])


def test_every_rejection_occurs() -> None:
    """
    The tables meet every rejection about identities, and every code is as published.

    Those about other ledgers are met in test_rules_recognise.py.
    """
    about_identities = identity.CONTRACT.rejections[: len(CODES)]
    verdicts: list[Verdict] = [row[-1] for row in ENROL]
    verdicts += [row[-1] for row in [*APPOINT, *DISMISS, *ROTATE]]
    verdicts += [row[-1] for row in CROWDED]
    assert set(about_identities) == set(verdicts) - {accepted, UnknownCommand}
    assert list(CODES) == list(about_identities)
    assert CODES == {kind: kind.code for kind in CODES}


LADDERS: list[list[tuple[Build, list[int], Verdict]]] = [
    [
        (lambda _: Enrol(key=NOT_ON_CURVE, scope=VILLAGE), [STRANGER], SignerMayNotEnrol),
        (lambda _: Enrol(key=NOT_ON_CURVE, scope=VILLAGE), [REGISTRAR], KeyIsNotOnCurve),
        (lambda _: Enrol(key=key(METER), scope=VILLAGE), [REGISTRAR], KeyWasBoundBefore),
    ],
    [
        (
            appointing(STRANGER, Role.REGISTRAR, VILLAGE, end=1),
            [STRANGER],
            IdentityNotFound,
        ),
        (
            appointing(REGISTRAR, Role.REGISTRAR, VILLAGE, end=1),
            [STRANGER],
            SignerMayNotAppoint,
        ),
        (
            appointing(REGISTRAR, Role.REGISTRAR, VILLAGE, end=1),
            [REGISTRAR],
            RegistrarIsEverywhere,
        ),
        (appointing(REGISTRAR, Role.REGISTRAR, EVERYWHERE, end=1), [REGISTRAR], PeriodIsEmpty),
        (
            appointing(REGISTRAR, Role.REGISTRAR, EVERYWHERE, end=NOW + 1),
            [REGISTRAR],
            LastRegistrar,
        ),
    ],
    [
        (dismissing(METER, Role.PUBLISHER, VILLAGE), [STRANGER], AuthorityNotFound),
        (dismissing(LAPSED, Role.PUBLISHER, VILLAGE), [STRANGER], SignerMayNotAppoint),
        (dismissing(REGISTRAR, Role.REGISTRAR, EVERYWHERE), [STRANGER], SignerMayNotAppoint),
        (dismissing(LAPSED, Role.PUBLISHER, VILLAGE), [REGISTRAR], AuthorityIsOver),
        (dismissing(REGISTRAR, Role.REGISTRAR, EVERYWHERE), [REGISTRAR], LastRegistrar),
    ],
    [
        (rotating(STRANGER, PUBLISHER), [STRANGER], IdentityNotFound),
        (rotating(METER, PUBLISHER), [STRANGER], SignerIsNotIdentity),
        (rotating(METER, PUBLISHER), [METER], NewKeyDidNotSign),
        (rotating(METER, PUBLISHER), [METER, PUBLISHER], KeyWasBoundBefore),
    ],
]


@pytest.mark.parametrize("ladder", LADDERS)
def test_first_rejection_wins(ladder: list[tuple[Build, list[int], Verdict]]) -> None:
    """A command that breaks several rules is refused by the first in the order of errors.py."""
    trial = cast()
    codes = []
    for command, signers, verdict in ladder:
        assert verdict == trial.execute(command(trial), signers=signers)
        codes.append(getattr(verdict, "code", 0))
    assert sorted(codes) == codes
