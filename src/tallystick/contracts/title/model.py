"""
What the contract keeps: titles, what they depend on, lists of them, and shares in them.

A title stands for a thing of which there is one: a car, an insurance, a solar roof. Its id is
computed from what its registrar calls it, so no thing is registered twice.
"""

from enum import Enum
from typing import Annotated, Final

from msgspec import Meta

from tallystick.base.amounts import Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.hashing import tagged_hash
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.core.holding import LockedFor, in_force

CONTRACT_NAME: Final = "title"
ATTRIBUTES_MAX: Final = 32
NAME_MAX: Final = 64
VALUE_MAX: Final = 256
SEEDS_MAX: Final = 256
HOLDERS_MAX: Final = 256
PAGE: Final = 256
COUNT_MAX: Final = 2**32 - 1
DAY_MILLISECONDS: Final = 86_400_000

TAG_TITLE_ID: Final = b"tallystick/title/title-id/1"
TAG_KIND_LISTING_ID: Final = b"tallystick/title/kind-listing-id/1"
TAG_DEPENDANTS_LISTING_ID: Final = b"tallystick/title/dependants-listing-id/1"
TAG_PAGE_ID: Final = b"tallystick/title/page-id/1"
TAG_DEPENDANT_ID: Final = b"tallystick/title/dependant-id/1"
TAG_SHARE_CLASS_ID: Final = b"tallystick/title/share-class-id/1"

TitleKind = Annotated[
    str, Meta(min_length=1, max_length=32, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*\Z")
]
"""What a thing is, such as `car`; the scope in which a title registrar holds its role."""

TitleName = Annotated[str, Meta(min_length=1, max_length=NAME_MAX)]
"""What tells a thing from all others of its kind, such as a chassis or a policy number."""


class Attribute(Record):
    """Something that a registrar vouches for."""

    name: Annotated[str, Meta(min_length=1, max_length=NAME_MAX)]
    """What it is, such as `colour`."""

    value: Annotated[str, Meta(max_length=VALUE_MAX)]
    """How the thing is in that respect; the hash of a document, if it is long or private."""


Attributes = Annotated[tuple[Attribute, ...], Meta(max_length=ATTRIBUTES_MAX)]
"""Everything that is said of a thing, ascending by name, no name twice."""


class NamedState(Enum):
    """How another ledger says that a title stands there."""

    STANDS = "stands"
    """It is somebody's."""

    RETIRED = "retired"
    """It is no more."""

    ABSENT = "absent"
    """No title stands under its id."""


class Standing(Enum):
    """Whether a title still has what it depends on."""

    INDEPENDENT = "independent"
    """It depends on nothing."""

    IN_FORCE = "in-force"
    """Its owner has also what it depends on, as far as was proven."""

    UNPROVEN = "unproven"
    """It or what it depends on changes hands, and nobody proved yet that the other did, too."""

    LAPSED = "lapsed"
    """What it depends on is gone, or is somebody else's and not about to change hands."""


class Dependence(Record, tag="title-dependence"):
    """A title of another ledger without which a title is worth nothing, as last proven."""

    ledger: LedgerId
    """The other ledger."""

    title: RecordId
    """The title there."""

    state: NamedState
    """How it stood there."""

    owner: PublicKey | None
    """Whose it was; nothing if it was nobody's."""

    as_of: Milliseconds
    """The time of the other ledger's block that says so. [ms since the epoch, UTC]"""

    insured_since: Milliseconds
    """Since when the title that depends on it is its owner's. [ms since the epoch, UTC]"""

    lapsed_since: Milliseconds
    """Since when, by this ledger's blocks, it was known to be away; 0 if it was not. [ms since the
    epoch, UTC]"""


class Title(Record, tag="title"):
    """A thing of which there is one; the record stays when the thing is gone."""

    kind: TitleKind
    """What it is."""

    name: TitleName
    """Which of its kind."""

    owner: PublicKey
    """Whose it is: a key, or a contract's vault."""

    attributes: Attributes
    """What its registrar and its owner say of it."""

    depends_on: Dependence | None
    """What it is worth nothing without, if there is such a thing."""

    registered_at: Milliseconds
    """When it was registered. [ms since the epoch, UTC]"""

    retired_at: Milliseconds
    """Since when it is no more; 0 while it is. [ms since the epoch, UTC]"""

    revision: Annotated[int, Meta(ge=1, le=COUNT_MAX)]
    """How often it was written: 1 when it was registered, one more with each change."""

    lock: LockedFor | None
    """The contract to which it is handed, if it is."""


class Listing(Record, tag="title-listing"):
    """How many ids a list has; it stands under `kind_listing_id` or `dependants_listing_id`."""

    count: Annotated[int, Meta(ge=1, le=COUNT_MAX)]
    """Ids in all its pages."""


class ListingPage(Record, tag="title-listing-page"):
    """A page of a list; all but the last are full."""

    listing: RecordId
    """The list."""

    titles: Annotated[tuple[RecordId, ...], Meta(max_length=PAGE)]
    """Titles in order of registration; nothing ever leaves."""


class Dependant(Record, tag="title-dependant"):
    """That a title depends, or once did, on another: it is listed there, and only once."""

    ledger: LedgerId
    """The other ledger."""

    named: RecordId
    """The title there."""

    title: RecordId
    """The title here."""


class TitleShare(Record, tag="title-share"):
    """That a title is shared; it stands under the title's id."""

    asset: RecordId
    """The class of assets whose holders share it."""

    shared_at: Milliseconds
    """Since when. [ms since the epoch, UTC]"""

    distributions: Annotated[int, Meta(ge=0, le=COUNT_MAX)]
    """How often income was distributed."""


class ShareClass(Record, tag="title-share-class"):
    """What a class of assets is a share in; it stands under `share_class_id`."""

    title: RecordId
    """The title."""


class Seed(Record):
    """A title with which a ledger begins."""

    kind: TitleKind
    """What it is."""

    name: TitleName
    """Which of its kind."""

    owner: PublicKey
    """Whose it is."""

    attributes: Attributes
    """What is said of it."""


class TitleParameters(Record, tag="title-parameters"):
    """How fresh the word of another ledger must be, and what there is to begin with."""

    proof_age_max: Annotated[int, Meta(ge=1_000, le=DAY_MILLISECONDS)] = 600_000
    """How old the latest block under a proof's checkpoint may be. [ms]"""

    clock_skew_max: Annotated[int, Meta(ge=0, le=3_600_000)] = 5_000
    """How far the other ledger's clock may be ahead of this one's. [ms]"""

    titles: Annotated[tuple[Seed, ...], Meta(max_length=SEEDS_MAX)] = ()
    """What is registered at genesis."""


def title_id(kind: str, name: str) -> RecordId:
    """Return the id of a thing: there is one for each, for ever."""
    return RecordId(tagged_hash(TAG_TITLE_ID, kind.encode(), name.encode()))


def kind_listing_id(kind: str) -> RecordId:
    """Return the id of the list of all titles of a kind."""
    return RecordId(tagged_hash(TAG_KIND_LISTING_ID, kind.encode()))


def dependants_listing_id(ledger: LedgerId, named: RecordId) -> RecordId:
    """Return the id of the list of what depends, or once did, on a title of another ledger."""
    return RecordId(tagged_hash(TAG_DEPENDANTS_LISTING_ID, ledger, named))


def page_id(listing: RecordId, page: int) -> RecordId:
    """Return the id under which a page of a list stands."""
    return RecordId(tagged_hash(TAG_PAGE_ID, listing, page.to_bytes(4, "big")))


def dependant_id(ledger: LedgerId, named: RecordId, title: RecordId) -> RecordId:
    """Return the id under which it stands that a title was listed as a dependant."""
    return RecordId(tagged_hash(TAG_DEPENDANT_ID, ledger, named, title))


def share_class_id(asset: RecordId) -> RecordId:
    """Return the id under which it stands what a class of assets is a share in."""
    return RecordId(tagged_hash(TAG_SHARE_CLASS_ID, asset))


def standing(title: Title) -> Standing:
    """
    Tell whether a title still has what it depends on.

    It is computed and never stored: a title that changes hands and what it depends on are seldom
    written in one block, and whoever reads must see the difference between not yet proven and gone.
    What spoke against one owner does not speak against the next.
    """
    found = title.depends_on
    if found is None:
        return Standing.INDEPENDENT
    if found.state is not NamedState.STANDS:
        return Standing.LAPSED
    if found.owner == title.owner:
        return Standing.IN_FORCE
    return Standing.LAPSED if found.lapsed_since > found.insured_since else Standing.UNPROVEN


def is_locked(title: Title, *, time: int) -> bool:
    """Tell whether a contract holds a title at a block time."""
    return in_force(title.lock, time=time)
