"""
Lists of titles: of a kind, and of what depends on one title of another ledger.

Nothing scans, so every list is kept as it grows, in pages of bounded size. Nothing ever leaves a
list: whoever reads it looks at each title and sees what became of it.
"""

from tallystick.base.identifiers import LedgerId, RecordId
from tallystick.core.context import Context

from .model import (
    PAGE,
    Dependant,
    Listing,
    ListingPage,
    dependant_id,
    dependants_listing_id,
    kind_listing_id,
    page_id,
)


def list_kind(context: Context, kind: str, title: RecordId) -> None:
    """Put a new title on the list of its kind."""
    _append(context, kind_listing_id(kind), title)


def list_dependant(context: Context, ledger: LedgerId, named: RecordId, title: RecordId) -> None:
    """
    Put a title on the list of what depends on another, unless it was there before.

    A title that depends on one thing, then on another, then on the first again is listed once.
    """
    id = dependant_id(ledger, named, title)
    if context.read(Dependant, id) is None:
        context.create(id, Dependant(ledger, named, title))
        _append(context, dependants_listing_id(ledger, named), title)


def _append(context: Context, listing: RecordId, title: RecordId) -> None:
    """Add an id to the last page of a list."""
    found = context.read(Listing, listing)
    count = 0 if found is None else found.count
    place = page_id(listing, count // PAGE)
    page = context.read(ListingPage, place)
    titles = () if page is None else page.titles
    context.write(listing, Listing(count + 1))
    context.write(place, ListingPage(listing, (*titles, title)))
