"""What can be asked about certificates."""

import pytest

from tallystick.base.encoding import Record
from tallystick.contracts.certificate.commands import Withdraw
from tallystick.contracts.certificate.errors import (
    CertificateNotFound,
    CertificateRejected,
    MeasurementNotFound,
    PledgeNotFound,
)
from tallystick.contracts.certificate.model import (
    Action,
    CertificateParameters,
    Next,
    Part,
    Status,
    child_id,
)
from tallystick.contracts.certificate.views import (
    PAGE_MAX,
    CertificateView,
    HistoryView,
    PledgeView,
    SettlementView,
    ShowCertificate,
    ShowHistory,
    ShowPledge,
    ShowSettlement,
)
from tallystick.core.holding import LockedFor
from tallystick.testing.factories import BEGIN, ISSUING_BODY, QUARTER, VILLAGE
from tallystick.testing.keys import key
from tallystick.testing.tables import Trial
from tests.contracts.certificate import locker
from tests.contracts.certificate.cases import (
    ACTIVE,
    BROKEN,
    BUYER,
    CLAIMED,
    COVERED_CONSUMPTION,
    CUT,
    CUT_OWNER,
    CUT_PARTS,
    FREE_CONSUMPTION,
    LAPSED,
    LATER,
    LOCK,
    LOCKED,
    MOVED,
    NOW,
    PLEDGED,
    RECLAIMED,
    SOLAR,
    UNKNOWN,
    WITHDRAWN,
    cast,
    certified,
    do,
    produce,
    split,
    transfer,
)


def shown(trial: Trial, question: Record) -> CertificateView:
    """Return the answer about a certificate."""
    answer = trial.ask(question)
    assert isinstance(answer, CertificateView)
    return answer


def test_a_certificate_is_shown_with_its_status() -> None:
    """Everything that its record says, and what follows from the time."""
    trial = cast()
    expected = CertificateView(
        certificate=LOCKED,
        status=Status.LOCKED,
        origin=LOCKED,
        measurement=LOCKED,
        begin=BEGIN,
        end=BEGIN + QUARTER,
        amount_wh=1_000,
        sector=VILLAGE,
        technology=SOLAR[0],
        fuel=SOLAR[1],
        owner=key(209),
        created_at=NOW - 1_000,
        expires_at=0,
        lock=LockedFor(locker.NAME, LOCK, LATER),
        next=None,
        corrected=0,
        unclaimed=False,
    )
    assert expected == shown(trial, ShowCertificate(LOCKED))


def test_a_lapsed_lock_is_not_shown() -> None:
    """What no longer binds is nobody's concern."""
    view = shown(cast(), ShowCertificate(LAPSED))
    assert (Status.ACTIVE, None) == (view.status, view.lock)


@pytest.mark.parametrize(
    ("id", "status"),
    [
        (ACTIVE, Status.ACTIVE),
        (MOVED, Status.TRANSFERRED),
        (CUT, Status.SPLIT),
        (CLAIMED, Status.CLAIMED),
        (WITHDRAWN, Status.WITHDRAWN),
        (RECLAIMED, Status.WITHDRAWN),
        (BROKEN, Status.BROKEN),
    ],
)
def test_statuses(id: bytes, status: Status) -> None:
    """Each certificate of the cast is shown as what it is."""
    question = ShowCertificate(id)  # type: ignore[arg-type]
    assert status == shown(cast(), question).status


def test_expiry_is_shown_before_and_after() -> None:
    """The status changes with the time of the latest block, and nothing is written."""
    trial = certified(CertificateParameters(expiry_seconds=90_000))
    id = produce(trial, 500)
    expiry = (BEGIN + QUARTER + 90_000) * 1_000
    assert expiry == shown(trial, ShowCertificate(id)).expires_at
    trial.move_to(expiry - 1)
    assert Status.ACTIVE == shown(trial, ShowCertificate(id)).status
    trial.move_to(expiry)
    assert Status.EXPIRED == shown(trial, ShowCertificate(id)).status


def test_history_reaches_the_measurement() -> None:
    """Every ancestor, the certificate itself first, and what was measured at the root."""
    trial = cast()
    leaf = transfer(trial, CUT_PARTS[1], BUYER, CUT_OWNER)
    history = trial.ask(ShowHistory(leaf))
    assert isinstance(history, HistoryView)
    assert [leaf, CUT_PARTS[1], CUT] == [step.certificate for step in history.steps]
    assert [Status.ACTIVE, Status.TRANSFERRED, Status.SPLIT] == [
        step.status for step in history.steps
    ]
    assert Next(Action.SPLIT, CUT_PARTS, NOW - 1_000) == history.steps[-1].next
    assert history.continues_at is None
    assert history.measurement is not None
    assert (CUT, 1_000) == (history.measurement.measurement, history.measurement.amount)


def test_history_of_a_reborn_certificate_passes_through_its_broken_claim() -> None:
    """The broken certificate stands in between, even where the root itself was broken."""
    trial = cast()
    history = trial.ask(ShowHistory(child_id(BROKEN, "BREAK", 1)))
    assert isinstance(history, HistoryView)
    assert [child_id(BROKEN, "BREAK", 1), BROKEN] == [step.certificate for step in history.steps]


def test_a_long_history_comes_in_pages() -> None:
    """A page names the certificate with which the next one begins."""
    trial = certified()
    id = produce(trial, 500)
    chain = [id]
    for _ in range(PAGE_MAX):
        chain += split(trial, chain[-1], 500, [(1_000, 500)])
    first = trial.ask(ShowHistory(chain[-1]))
    assert isinstance(first, HistoryView)
    assert chain[:0:-1] == [step.certificate for step in first.steps]
    assert first.continues_at == id
    assert first.measurement is None
    second = trial.ask(ShowHistory(id))
    assert isinstance(second, HistoryView)
    assert ([id], None) == ([step.certificate for step in second.steps], second.continues_at)


def test_a_settlement_is_shown_with_what_is_left() -> None:
    """Measured, settled, withdrawn since, and the rest."""
    trial = cast()
    parts = (Part(CLAIMED, 1_000, withdrawn=False), Part(RECLAIMED, 1_000, withdrawn=True))
    expected = SettlementView(
        measurement=COVERED_CONSUMPTION,
        measured_wh=2_000,
        settled_wh=2_000,
        withdrawn_wh=1_000,
        rest_wh=0,
        parts=parts,
    )
    assert expected == trial.ask(ShowSettlement(COVERED_CONSUMPTION))


def test_a_consumption_without_claims_has_an_empty_settlement() -> None:
    """All of it is left."""
    expected = SettlementView(
        measurement=FREE_CONSUMPTION,
        measured_wh=1_000,
        settled_wh=0,
        withdrawn_wh=0,
        rest_wh=1_000,
        parts=(),
    )
    assert expected == cast().ask(ShowSettlement(FREE_CONSUMPTION))


def test_a_pledge_is_shown_with_whether_it_binds() -> None:
    """To the millisecond."""
    trial = cast()
    trial.move_to(LATER - 1)
    expected = PledgeView(PLEDGED, locker.NAME, LOCK, LATER, in_force=True)
    assert expected == trial.ask(ShowPledge(PLEDGED))
    trial.move_to(LATER)
    expected = PledgeView(PLEDGED, locker.NAME, LOCK, LATER, in_force=False)
    assert expected == trial.ask(ShowPledge(PLEDGED))


ABSENT: list[tuple[Record, type[CertificateRejected]]] = [
    (ShowCertificate(UNKNOWN), CertificateNotFound),
    (ShowHistory(UNKNOWN), CertificateNotFound),
    (ShowSettlement(UNKNOWN), MeasurementNotFound),
    (ShowPledge(ACTIVE), PledgeNotFound),
]


@pytest.mark.parametrize(("question", "expected"), ABSENT)
def test_what_is_not_there_is_said_to_be_absent(
    question: Record, expected: type[CertificateRejected]
) -> None:
    """Each view answers with the contract's own reason."""
    with pytest.raises(expected):
        cast().ask(question)


def test_a_withdrawn_part_is_counted_until_it_leaves() -> None:
    """The view shows how much of what is settled was withdrawn since."""
    trial = cast()
    do(trial, Withdraw(CLAIMED, "wrong source"), ISSUING_BODY)
    view = trial.ask(ShowSettlement(COVERED_CONSUMPTION))
    assert isinstance(view, SettlementView)
    assert (2_000, 2_000) == (view.settled_wh, view.withdrawn_wh)
