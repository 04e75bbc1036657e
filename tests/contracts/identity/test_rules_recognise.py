"""Other ledgers are believed by enough of their keys and one past; status lists only grow."""

from hashlib import sha256

import pytest
from msgspec.structs import replace

from tallystick.base.encoding import Record
from tallystick.base.identifiers import Hash, LedgerId, RecordId
from tallystick.contracts import identity
from tallystick.contracts.identity.commands import (
    AnchorLedger,
    Appoint,
    Disown,
    PublishStatus,
    Recognise,
    ReportFork,
)
from tallystick.contracts.identity.errors import (
    AnchorIsOld,
    ForeignProofIsInvalid,
    LedgerForks,
    LedgerIsThisOne,
    LedgerNotRecognised,
    NoFork,
    SignerIsNotStatusIssuer,
    SignerMayNotRecognise,
    TrustIsUnsound,
)
from tallystick.contracts.identity.model import (
    ANCHOR_PAUSE_MILLISECONDS,
    ANCHOR_STANDS_MILLISECONDS,
    ANCHORS_MAX,
    EVERYWHERE,
    GOVERNANCE,
    Founder,
    IdentityParameters,
    Recognised,
    Role,
    StatusPage,
    contract_issuer,
    is_set,
    recognised_id,
    status_id,
)
from tallystick.contracts.identity.views import (
    FindIdentity,
    ShowRecognised,
    ShowStatus,
)
from tallystick.testing.foreign import Neighbour
from tallystick.testing.keys import key
from tallystick.testing.tables import Verdict, accepted, genesis_of

CONTRACTS = (identity.CONTRACT,)
REGISTRAR, ISSUER, STRANGER = 1, 2, 3
TIME = 1_700_000_000_000
FORGED_ROOT = sha256(b"another past").digest()
NOWHERE = LedgerId(b"\xee" * 32)


def neighbour(name: str) -> Neighbour:
    """Return a ledger with a registrar and a body that gives out credentials."""
    parameters = IdentityParameters(
        (
            Founder(key(REGISTRAR), Role.REGISTRAR, EVERYWHERE),
            Founder(key(ISSUER), Role.ISSUING_BODY, "DK1"),
        )
    )
    return Neighbour(CONTRACTS, genesis_of(CONTRACTS, (parameters,), time=TIME, name=name))


class Pair:
    """A ledger that believes another one."""

    def __init__(self) -> None:
        self.here, self.there = neighbour("here"), neighbour("there")
        command = Recognise(self.there.trust())
        assert accepted == self.here.execute(command, signers=[REGISTRAR])

    @property
    def ledger(self) -> LedgerId:
        """Return the other ledger's id."""
        return self.there.state.ledger

    def found(self) -> Recognised:
        """Return how the other ledger is believed."""
        found = self.here.read(Recognised, recognised_id(self.ledger))
        assert found is not None
        return found

    def anchored(self, *, blocks: int = 1) -> "Pair":
        """Anchor the other ledger after each of some more blocks."""
        for _ in range(blocks):
            known = self.found().anchors
            self.there.close_block()
            self.here.move_to(self.here.time + ANCHOR_PAUSE_MILLISECONDS)
            growth = self.there.growth(known[-1].size) if known else ()
            command = AnchorLedger(self.ledger, self.there.checkpoint(), growth)
            assert accepted == self.here.execute(command, signers=[STRANGER])
        return self


TRUST = neighbour("there").trust()


@pytest.mark.parametrize(
    ("command", "signer", "caller", "verdict"),
    [
        (Recognise(TRUST), REGISTRAR, "", accepted),
        (Recognise(TRUST), STRANGER, GOVERNANCE, accepted),
        (Recognise(TRUST), STRANGER, "market", SignerMayNotRecognise),
        (Recognise(TRUST), STRANGER, "", SignerMayNotRecognise),
        (Recognise(TRUST), ISSUER, "", SignerMayNotRecognise),
        (Recognise(replace(TRUST, threshold=4)), REGISTRAR, "", TrustIsUnsound),
        (Recognise(replace(TRUST, keys=TRUST.keys[:1] * 2)), REGISTRAR, "", TrustIsUnsound),
        (Recognise(replace(TRUST, keys=("no key",))), REGISTRAR, "", TrustIsUnsound),
        (
            Recognise(replace(TRUST, ledger=neighbour("here").state.ledger)),
            REGISTRAR,
            "",
            LedgerIsThisOne,
        ),
        (Disown(TRUST.ledger), REGISTRAR, "", accepted),
        (Disown(TRUST.ledger), STRANGER, GOVERNANCE, accepted),
        (Disown(TRUST.ledger), STRANGER, "", SignerMayNotRecognise),
        (Disown(NOWHERE), REGISTRAR, "", LedgerNotRecognised),
        (AnchorLedger(NOWHERE, b"", ()), STRANGER, "", LedgerNotRecognised),
        (AnchorLedger(TRUST.ledger, b"", ()), STRANGER, "", ForeignProofIsInvalid),
        (ReportFork(NOWHERE, b"", b""), STRANGER, "", LedgerNotRecognised),
        (ReportFork(TRUST.ledger, b"", b""), STRANGER, "", ForeignProofIsInvalid),
    ],
)
def test_who_decides(command: Record, signer: int, caller: str, verdict: Verdict) -> None:
    """Registrars and governance decide whom a ledger believes, and by which sound keys."""
    here = Pair().here
    assert verdict == here.execute(command, signers=[signer], caller=caller)


def test_keys_are_rotated_and_the_past_stays() -> None:
    """Recognising again replaces the keys; what was anchored stays known."""
    pair = Pair().anchored()
    before = pair.found()
    rotated = replace(pair.there.trust(threshold=1), keys=pair.there.trust().keys[:1])
    assert accepted == pair.here.execute(Recognise(rotated), signers=[REGISTRAR])
    assert (rotated, before.anchors) == (pair.found().trust, pair.found().anchors)
    shown = pair.here.ask(ShowRecognised(pair.ledger))
    assert rotated == shown.trust  # type: ignore[attr-defined]


def test_a_disowned_ledger_anchors_nothing() -> None:
    """Nothing is taken from there until it is recognised again; then its past counts on."""
    pair = Pair().anchored()
    before = pair.found().anchors
    assert accepted == pair.here.execute(Disown(pair.ledger), signers=[REGISTRAR])
    again = AnchorLedger(pair.ledger, pair.there.checkpoint(), ())
    assert LedgerNotRecognised == pair.here.execute(again, signers=[STRANGER])
    assert LedgerNotRecognised == pair.here.execute(Disown(pair.ledger), signers=[REGISTRAR])
    assert accepted == pair.here.execute(Recognise(pair.there.trust()), signers=[REGISTRAR])
    assert before == pair.found().anchors
    with pytest.raises(LedgerNotRecognised):
        pair.here.ask(ShowRecognised(NOWHERE))


def test_anchors_only_grow() -> None:
    """An anchor lies beyond the latest and continues it; the oldest of many goes."""
    pair = Pair().anchored(blocks=ANCHORS_MAX + 2)
    sizes = [each.size for each in pair.found().anchors]
    assert (ANCHORS_MAX, sorted(sizes)) == (len(sizes), sizes)
    latest = sizes[-1]
    same = AnchorLedger(pair.ledger, pair.there.checkpoint(), ())
    assert AnchorIsOld == pair.here.execute(same, signers=[STRANGER])
    older = AnchorLedger(pair.ledger, pair.there.checkpoint(size=sizes[0]), ())
    assert AnchorIsOld == pair.here.execute(older, signers=[STRANGER])
    pair.there.close_block()
    unlinked = AnchorLedger(pair.ledger, pair.there.checkpoint(), ())
    assert ForeignProofIsInvalid == pair.here.execute(unlinked, signers=[STRANGER])
    growth = pair.there.growth(latest)
    assert growth
    forged = AnchorLedger(pair.ledger, pair.there.checkpoint(root=FORGED_ROOT), growth)
    assert ForeignProofIsInvalid == pair.here.execute(forged, signers=[STRANGER])
    assert accepted == pair.here.execute(replace(unlinked, consistency=growth), signers=[STRANGER])


def test_nobody_drives_all_anchors_out() -> None:
    """What follows quickly takes the place of what came just before; the others stand still."""
    pair = Pair().anchored(blocks=3)
    known = pair.found().anchors
    for _ in range(2 * ANCHORS_MAX):
        latest = pair.found().anchors[-1]
        pair.there.close_block()
        growth = pair.there.growth(latest.size)
        flood = AnchorLedger(pair.ledger, pair.there.checkpoint(), growth)
        assert accepted == pair.here.execute(flood, signers=[STRANGER])
    assert known[:-1] == pair.found().anchors[:-1]
    assert pair.there.anchor() == pair.found().anchors[-1]
    pair.anchored()
    assert len(known) + 1 == len(pair.found().anchors)


def test_the_anchor_before_the_newest_stands_however_often_somebody_anchors() -> None:
    """It is what proofs are linked to, and stays known for as long as is promised, not longer."""
    pair = Pair().anchored(blocks=ANCHORS_MAX + 1)
    settled = pair.here.time + ANCHOR_PAUSE_MILLISECONDS - 1
    pair.here.move_to(settled)
    linked = pair.found().anchors[-2]
    second = 1_000
    while linked in pair.found().anchors:
        pair.here.move_to(pair.here.time + second)
        latest = pair.found().anchors[-1]
        pair.there.close_block()
        flood = AnchorLedger(pair.ledger, pair.there.checkpoint(), pair.there.growth(latest.size))
        assert accepted == pair.here.execute(flood, signers=[STRANGER])
    stood = pair.here.time - settled
    assert ANCHOR_STANDS_MILLISECONDS <= stood <= ANCHOR_STANDS_MILLISECONDS + 10 * second


def test_what_stolen_keys_anchored_is_forgotten_on_purpose() -> None:
    """A thief's anchors shut the honest ledger out until a registrar drops them."""
    pair = Pair()
    false = AnchorLedger(pair.ledger, pair.there.checkpoint(root=FORGED_ROOT), ())
    assert accepted == pair.here.execute(false, signers=[STRANGER])
    pair.there.close_block()
    honest = AnchorLedger(pair.ledger, pair.there.checkpoint(), pair.there.growth(1))
    assert ForeignProofIsInvalid == pair.here.execute(honest, signers=[STRANGER])
    rotate = Recognise(pair.there.trust())
    assert accepted == pair.here.execute(rotate, signers=[REGISTRAR])
    assert ForeignProofIsInvalid == pair.here.execute(honest, signers=[STRANGER])
    anew = Recognise(pair.there.trust(), forgetting=True)
    assert accepted == pair.here.execute(anew, signers=[REGISTRAR])
    assert () == pair.found().anchors
    assert accepted == pair.here.execute(honest, signers=[STRANGER])


def test_another_face_is_refused_and_ends_the_belief() -> None:
    """A second root for an anchored size is a fork; whoever reports it ends the belief."""
    pair = Pair().anchored()
    true, false = pair.there.checkpoint(), pair.there.checkpoint(root=FORGED_ROOT)
    shown = AnchorLedger(pair.ledger, false, ())
    assert LedgerForks == pair.here.execute(shown, signers=[STRANGER])
    same = ReportFork(pair.ledger, true, true)
    assert NoFork == pair.here.execute(same, signers=[STRANGER])
    old = pair.there.checkpoint()
    pair.there.close_block()
    grown = ReportFork(pair.ledger, old, pair.there.checkpoint())
    assert NoFork == pair.here.execute(grown, signers=[STRANGER])
    report = ReportFork(pair.ledger, true, false)
    assert accepted == pair.here.execute(report, signers=[STRANGER])
    assert pair.found().forked
    assert LedgerNotRecognised == pair.here.execute(report, signers=[STRANGER])
    pair.here.move_to(pair.here.time + 1)
    assert accepted == pair.here.execute(Recognise(pair.there.trust()), signers=[REGISTRAR])
    assert ((), False) == (pair.found().anchors, pair.found().forked)


def test_only_enough_keys_report_a_fork() -> None:
    """What fewer keys than must agree have signed proves nothing about a ledger."""
    pair = Pair()
    strict = Recognise(pair.there.trust(threshold=3))
    assert accepted == pair.here.execute(strict, signers=[REGISTRAR])
    pair.there.close_block()
    true = pair.there.checkpoint()
    pair.there.witnesses = pair.there.witnesses[:1]
    false = pair.there.checkpoint(root=FORGED_ROOT)
    report = ReportFork(pair.ledger, true, false)
    assert ForeignProofIsInvalid == pair.here.execute(report, signers=[STRANGER])
    assert not pair.found().forked


def test_status_lists_only_grow() -> None:
    """The issuer's present key, or the contract whose list it is, revokes; nothing is cleared."""
    here = neighbour("here")
    issuer = here.ask(FindIdentity(key(ISSUER))).identity  # type: ignore[attr-defined]
    first = PublishStatus(issuer, 3, 1, (0, 7, 2_047))
    assert SignerIsNotStatusIssuer == here.execute(first, signers=[REGISTRAR])
    assert accepted == here.execute(first, signers=[ISSUER])
    assert accepted == here.execute(replace(first, entries=(8,)), signers=[ISSUER])
    page = here.read(StatusPage, status_id(issuer, 3, 1))
    assert page is not None
    assert {0, 7, 8, 2_047} == {n for n in range(2_048) if is_set(page, n)}
    assert b"\x81\x80" == page.bits[:2]
    for entry, expected in ((2_048, True), (2_049, False), (5, False), (4_095, True)):
        shown = here.ask(ShowStatus(issuer, 3, entry))
        assert expected == shown.is_set  # type: ignore[attr-defined]
    own = PublishStatus(contract_issuer("benefit"), 0, 0, (1,))
    assert accepted == here.execute(own, signers=[STRANGER], caller="benefit")
    assert SignerIsNotStatusIssuer == here.execute(own, signers=[STRANGER], caller="market")
    assert SignerIsNotStatusIssuer == here.execute(own, signers=[STRANGER])
    nobody = replace(own, issuer=contract_issuer(""))
    assert SignerIsNotStatusIssuer == here.execute(nobody, signers=[STRANGER])
    assert SignerIsNotStatusIssuer == here.execute(
        replace(own, issuer=RecordId(Hash(bytes(32)))), signers=[STRANGER]
    )


@pytest.mark.parametrize(
    ("appointer", "role", "scope", "verdict"),
    [
        (Role.SYSTEM_ADMINISTRATOR, Role.COMPANY_ADMINISTRATOR, "acme", accepted),
        (Role.COMPANY_ADMINISTRATOR, Role.EMPLOYEE, "acme", accepted),
        (Role.COMPANY_ADMINISTRATOR, Role.EMPLOYEE, "other", None),
        (Role.COMPANY_ADMINISTRATOR, Role.COMPANY_ADMINISTRATOR, "acme", None),
        (Role.EMPLOYEE, Role.EMPLOYEE, "acme", None),
        (Role.DID_ADMINISTRATOR, Role.EMPLOYEE, "acme", None),
    ],
)
def test_companies_appoint_their_own(
    appointer: Role, role: Role, scope: str, verdict: Verdict | None
) -> None:
    """A company's administrator appoints its employees, the system's those administrators."""
    here = neighbour("here")
    one = here.ask(FindIdentity(key(ISSUER))).identity  # type: ignore[attr-defined]
    place = EVERYWHERE if appointer is Role.SYSTEM_ADMINISTRATOR else "acme"
    give = Appoint(one, appointer, place, begin=0, end=0)
    assert accepted == here.execute(give, signers=[REGISTRAR])
    found = here.execute(Appoint(one, role, scope, begin=0, end=0), signers=[ISSUER])
    assert (verdict or identity.errors.SignerMayNotAppoint) == found


def test_governance_appoints_as_a_registrar() -> None:
    """What a ballot decided needs no registrar's signature."""
    here = neighbour("here")
    one = here.ask(FindIdentity(key(ISSUER))).identity  # type: ignore[attr-defined]
    command = Appoint(one, Role.REGISTRAR, EVERYWHERE, begin=0, end=0)
    assert accepted == here.execute(command, signers=[STRANGER], caller=GOVERNANCE)
