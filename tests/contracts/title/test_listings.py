"""Lists are kept as they grow, in pages, and nothing stands there twice."""

from tallystick.contracts.title.commands import Rebind
from tallystick.contracts.title.model import (
    PAGE,
    Listing,
    ListingPage,
    dependants_listing_id,
    kind_listing_id,
    page_id,
    title_id,
)
from tests.contracts.title.cases import (
    ALICE,
    CLERK,
    FIRST,
    INSURER,
    POLICY,
    SECOND,
    car,
    do,
    founded,
    insured,
)


def test_a_full_page_is_followed_by_another() -> None:
    """In order of registration; the count says how many there are in all."""
    trial = founded()
    names = [f"VIN-{n}" for n in range(PAGE + 1)]
    for start in range(0, len(names), 100):
        do(trial, [car(name) for name in names[start : start + 100]], CLERK, ALICE)
    listing = kind_listing_id("car")
    assert Listing(PAGE + 1) == trial.read(Listing, listing)
    ids = tuple(title_id("car", name) for name in names)
    pages = [trial.read(ListingPage, page_id(listing, n)) for n in range(3)]
    expected = [ListingPage(listing, ids[:PAGE]), ListingPage(listing, ids[PAGE:]), None]
    assert expected == pages


def test_a_dependant_is_listed_once() -> None:
    """A policy that goes from one car to another and back stands once on the list of each."""
    town = insured()
    for salt, car_id in enumerate((SECOND, FIRST, SECOND), start=10):
        change = town.held(town.holding(car_id, salt=salt))
        rebind = Rebind(POLICY, town.named(change, car_id))
        do(town.policies, [town.commit(change), rebind], INSURER, ALICE)
        town.finish(change)
    for car_id in (FIRST, SECOND):
        listing = dependants_listing_id(town.cars.state.ledger, car_id)
        page = town.policies.read(ListingPage, page_id(listing, 0))
        assert ListingPage(listing, (POLICY,)) == page
        assert Listing(1) == town.policies.read(Listing, listing)
