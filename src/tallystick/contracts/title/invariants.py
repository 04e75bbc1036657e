"""
What always holds about titles.

Each is checked on what a block changed and, by an audit, on everything: there the state before is
empty, and a change is what there is.
"""

from collections import Counter
from collections.abc import Iterator

from tallystick.core.invariant import Changes, Invariant

from .model import (
    Dependant,
    Dependence,
    Listing,
    ListingPage,
    ShareClass,
    Title,
    TitleShare,
    dependant_id,
    dependants_listing_id,
    kind_listing_id,
    share_class_id,
    title_id,
)


def _rewritten(changes: Changes) -> Iterator[str]:
    """Find titles that became another thing, vanished, or came back."""
    for id, old, new in changes.of(Title):
        if new is None:
            yield f"title {id.hex()} vanished"
        elif id != title_id(new.kind, new.name):
            yield f"title {id.hex()} stands under another's id"
        elif old is not None and old.registered_at != new.registered_at:
            yield f"title {id.hex()} was registered again"
        elif old is not None and old.retired_at:
            yield f"title {id.hex()} changed after it was retired"


def _not_revised(changes: Changes) -> Iterator[str]:
    """Find titles that changed without saying so, and owners of whom nobody knows since when."""
    for id, old, new in changes.of(Title):
        before = 0 if old is None else old.revision
        if new is not None and new.revision <= before:
            yield f"title {id.hex()} changed and is still revision {before}"
        if new is not None and old is not None and not _says_since_when(old, new):
            yield f"title {id.hex()} changed hands, and nobody knows when"


def _says_since_when(old: Title, new: Title) -> bool:
    """Tell whether what depends on another title says since when it is its owner's."""
    known, found = old.depends_on, new.depends_on
    if known is None or found is None:
        return True
    later = found.insured_since - known.insured_since
    return later >= 0 if old.owner == new.owner else later > 0


def _impossible(changes: Changes) -> Iterator[str]:
    """
    Find what is retired and held, and dependences that forgot what was known.

    Within a block a title may go to another car and back. What was known in between is not seen
    here, so ages are compared only if a single revision lies between.
    """
    for id, old, new in changes.of(Title):
        if new is None:
            continue
        if new.retired_at and new.lock is not None:
            yield f"title {id.hex()} is retired, and {new.lock.holder} holds it"
        known, found = None if old is None else old.depends_on, new.depends_on
        if known is None:
            continue
        if found is None:
            yield f"title {id.hex()} depends on nothing any more"
        elif _forgets(known, found) and old is not None and new.revision == old.revision + 1:
            yield f"title {id.hex()} depends on what was known before"


def _forgets(known: Dependence, found: Dependence) -> bool:
    """Tell whether of the same named title something older is known than before."""
    same = (known.ledger, known.title) == (found.ledger, found.title)
    return same and found.as_of < known.as_of


def _not_listed(changes: Changes) -> Iterator[str]:
    """Compare what came to be with what lists gained, in their counts and on their pages."""
    due: Counter[bytes] = Counter()
    for _, old, new in changes.of(Title):
        if old is None:
            due[kind_listing_id(new.kind)] += 1
    for id, old, new in changes.of(Dependant):
        if new is None or old is not None or id != dependant_id(new.ledger, new.named, new.title):
            yield f"dependant {id.hex()} was rewritten"
        else:
            due[dependants_listing_id(new.ledger, new.named)] += 1
    counted: Counter[bytes] = Counter()
    for id, old, new in changes.of(Listing):
        counted[id] += (0 if new is None else new.count) - (0 if old is None else old.count)
    paged: Counter[bytes] = Counter()
    for _, old, new in changes.of(ListingPage):
        paged[(new or old).listing] += _length(new) - _length(old)
    for listing in sorted({*due, *counted, *paged}):
        if not due[listing] == counted[listing] == paged[listing]:
            yield f"list {listing.hex()} does not gain the {due[listing]} that came to be"


def _length(page: ListingPage | None) -> int:
    """Return how many ids a page has."""
    return 0 if page is None else len(page.titles)


def _shared_otherwise(changes: Changes) -> Iterator[str]:
    """Find shares that changed their class, and classes that are shares in two titles."""
    shared: set[tuple[bytes, bytes]] = set()
    for id, old, new in changes.of(TitleShare):
        if new is None:
            yield f"title {id.hex()} is shared no more"
        elif old is None:
            shared.add((share_class_id(new.asset), id))
        elif (old.asset, old.shared_at) != (new.asset, new.shared_at) or (
            new.distributions < old.distributions
        ):
            yield f"the share in {id.hex()} was rewritten"
    classes: set[tuple[bytes, bytes]] = set()
    for id, old, new in changes.of(ShareClass):
        if new is None or old is not None:
            yield f"share class {id.hex()} was rewritten"
        else:
            classes.add((id, new.title))
    for _, title in sorted(shared ^ classes):
        yield f"title {title.hex()} and its share class do not name each other"


INVARIANTS = (
    Invariant(
        "A title stands under the id of its kind and name, keeps when it was registered, never "
        "goes, and never changes once it is retired.",
        _rewritten,
    ),
    Invariant(
        "Whatever changes about a title makes a new revision of it, and what depends on another "
        "says since when it is its owner's.",
        _not_revised,
    ),
    Invariant(
        "No contract holds what is retired, and what is known of a named title never grows older.",
        _impossible,
    ),
    Invariant("Every title is listed once, and so is every dependant.", _not_listed),
    Invariant("A shared title and its class name each other, for ever.", _shared_otherwise),
)
