"""One car and its insurance: every action of the document, each once, and what must not work."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey
from tallystick.base.signatures import public_key
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.contracts.exchange.commands import Abort, Prepare
from tallystick.contracts.exchange.model import Outcome
from tallystick.contracts.title.commands import Retire, Transfer
from tallystick.contracts.title.errors import TitleIsLocked
from tallystick.contracts.title.model import Standing, title_id
from tallystick.contracts.title.views import (
    FindTitle,
    ListDependants,
    ListTitles,
    TitleListView,
    TitleView,
)
from tallystick.coordination.coordinator import change_together
from tallystick.coordination.joint_change import plan
from tallystick.coordination.signing import Secrets

from .car_parties import (
    CAR,
    CLOCK_SKEW_MILLISECONDS,
    INSURANCE,
    LASTING_MILLISECONDS,
    Parties,
    both,
    confirm,
    insure,
    rebind,
    register_cars,
)

PATIENCE_SECONDS = 20.0
PAUSE_SECONDS = 0.02
FIRST, SECOND, POLICY = "VIN-1", "VIN-2", "VIN-1"


@dataclass(frozen=True, slots=True)
class Life:
    """What became of one car and its insurance."""

    actions: tuple[tuple[str, str, str], ...]
    """What was done, on which ledgers, and what they said afterwards."""
    proved: dict[str, bool]
    """Each claim, and whether it held."""


def live(cars: Ledger, policies: Ledger, parties: Parties) -> Life:
    """Play every action once."""
    told: list[tuple[str, str, str]] = []
    proved: dict[str, bool] = {}
    alice, bob = parties.alice, parties.bob

    register_cars(cars, parties, alice, [FIRST])
    told.append(("Create car", "cars", f"{len(listed(cars, CAR))} car"))
    insure(cars, policies, parties, alice, [POLICY])
    wait_until_free(cars, CAR, [FIRST])
    told.append(("Create insurance", "cars, insurances", _policy(policies)))
    proved["held_car_obeys_nobody"] = _held_car_obeys_nobody(cars, policies, parties)
    told.append(("Sell or delete a held car", "cars", "refused: it is held"))

    ended = change_together(
        {cars.id: cars, policies.id: policies},
        both(cars, policies, FIRST, source=public_key(alice), target=public_key(bob)),
        deciding=policies.id,
        lasting=LASTING_MILLISECONDS,
        signer=Secrets([alice]),
    )
    owners = (owner(cars, CAR, FIRST), owner(policies, INSURANCE, POLICY))
    proved["changed_together"] = (
        ended.outcome is Outcome.COMMITTED and owners == (public_key(bob),) * 2
    )
    told.append(("Change owner of both", "cars, insurances", _policy(policies)))
    confirm(cars, policies, bob, [(POLICY, FIRST)])
    told.append(("Confirm", "insurances", _policy(policies)))

    proved["lapse_is_seen"] = _leave_and_return(cars, policies, parties, told)
    register_cars(cars, parties, bob, [SECOND])
    rebind(cars, policies, parties, bob, policy=POLICY, car=SECOND)
    wait_until_free(cars, CAR, [SECOND])
    told.append(("Change the insured car", "cars, insurances", _policy(policies)))
    depending = ListDependants(cars.id, title_id(CAR, SECOND))
    proved["dependants_are_known"] = _names(policies.ask(depending)) == [POLICY]
    cars.send([Retire(title_id(CAR, FIRST)), Retire(title_id(CAR, SECOND))], [bob])
    policies.send(Retire(title_id(INSURANCE, POLICY)), [bob])
    left = (*listed(cars, CAR), *listed(policies, INSURANCE))
    proved["deleted_is_gone"] = not left
    told.append(("Delete cars and insurance", "cars, insurances", f"{len(left)} are left"))
    return Life(tuple(told), proved)


def listed(ledger: Ledger, kind: str) -> list[str]:
    """Return the names of all of a kind that stand."""
    names: list[str] = []
    page, pages = 0, 1
    while page < pages:
        found = ledger.ask(ListTitles(kind, page))
        if not isinstance(found, TitleListView):
            raise TypeError(f"ListTitles is answered with a {type(found).__name__}")
        names += _names(found)
        page, pages = page + 1, found.pages
    return names


def shown(ledger: Ledger, kind: str, name: str) -> TitleView:
    """Return a title as it stands."""
    found = ledger.ask(FindTitle(kind, name))
    if not isinstance(found, TitleView):
        raise TypeError(f"FindTitle is answered with a {type(found).__name__}")
    return found


def owner(ledger: Ledger, kind: str, name: str) -> PublicKey:
    """Return whose a title is."""
    return shown(ledger, kind, name).owner


def _held_car_obeys_nobody(cars: Ledger, policies: Ledger, parties: Parties) -> bool:
    """
    Tell whether a car that is held can neither be sold nor deleted, until the change is given up.

    Its policy is not prepared, so nobody can commit meanwhile.
    """
    id, mine = title_id(CAR, FIRST), public_key(parties.alice)
    parts = both(cars, policies, FIRST, source=mine, target=public_key(parties.bob))
    deadline = policies.now() + LASTING_MILLISECONDS
    change = plan(parts, deciding=policies.id, deadline=deadline)
    held = next(n for n, part in enumerate(change.parts) if part.ledger == cars.id)
    cars.send(Prepare(change, held), [parties.alice])
    acts = (Transfer(id, public_key(parties.bob)), Retire(id))
    refused = all(_is_refused(cars, act, parties.alice) for act in acts)
    policies.send(Abort(change), [parties.alice])
    wait_until_free(cars, CAR, [FIRST])
    return refused and owner(cars, CAR, FIRST) == mine


def wait_until_free(ledger: Ledger, kind: str, names: Sequence[str]) -> None:
    """Wait until a relay has freed what was held; RuntimeError if none does."""
    give_up_at = time.monotonic() + PATIENCE_SECONDS
    for name in names:
        while shown(ledger, kind, name).lock is not None:
            if time.monotonic() > give_up_at:
                raise RuntimeError(f"nobody frees the {kind} {name}")
            time.sleep(PAUSE_SECONDS)


def wait_until_owned(cars: Ledger, policies: Ledger, policy: str) -> None:
    """
    Wait until news of the cars' ledger are surely of after a policy came to its owner.

    What was said before, or less than the clocks may differ later, says nothing against the owner.
    """
    found = shown(policies, INSURANCE, policy).depends_on
    while found is not None and cars.now() <= found.insured_since + CLOCK_SKEW_MILLISECONDS:
        time.sleep(PAUSE_SECONDS)


def _is_refused(ledger: Ledger, command: Record, secret: bytes) -> bool:
    """Tell whether something is refused because a title is held."""
    try:
        ledger.send(command, [secret])
    except TransactionRejected as rejected:
        return (rejected.contract, rejected.code) == ("title", TitleIsLocked.code)
    return False


def _leave_and_return(
    cars: Ledger, policies: Ledger, parties: Parties, told: list[tuple[str, str, str]]
) -> bool:
    """Sell the car without its insurance, and back again; tell if the insurance lapsed between."""
    id, alice, bob = title_id(CAR, FIRST), parties.alice, parties.bob
    standings = []
    wait_until_owned(cars, policies, POLICY)
    for action, source, target in (
        ("Sell the car alone, confirm", bob, alice),
        ("Sell it back, confirm", alice, bob),
    ):
        cars.send(Transfer(id, public_key(target)), [source])
        confirm(cars, policies, bob, [(POLICY, FIRST)])
        standings.append(shown(policies, INSURANCE, POLICY).standing)
        told.append((action, "cars, insurances", _policy(policies)))
    return standings == [Standing.LAPSED, Standing.IN_FORCE]


def _policy(policies: Ledger) -> str:
    """Say how it stands with the insurance."""
    return f"insurance {shown(policies, INSURANCE, POLICY).standing.value}"


def _names(found: object) -> list[str]:
    """Return the names of the titles on a page."""
    if not isinstance(found, TitleListView):
        raise TypeError(f"a list is answered with a {type(found).__name__}")
    return [each.name for each in found.titles]
