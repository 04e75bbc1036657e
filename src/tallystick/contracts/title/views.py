"""What can be asked about titles: one, all of a kind, what depends on another, its history."""

from typing import Annotated

from msgspec import Meta, Struct

from tallystick.base.amounts import Amount, Milliseconds
from tallystick.base.encoding import Record
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.contracts.asset.model import AssetClass
from tallystick.core.contract import Reader
from tallystick.core.holding import LockedFor

from .errors import NameNotFound, PageNotFound, TitleIsNotShared, TitleNotFound
from .history import TitleStep, history_of
from .model import (
    COUNT_MAX,
    PAGE,
    Attribute,
    Dependence,
    Listing,
    ListingPage,
    Standing,
    Title,
    TitleKind,
    TitleName,
    TitleShare,
    dependants_listing_id,
    is_locked,
    kind_listing_id,
    page_id,
    standing,
    title_id,
)

__all__ = [
    "FindTitle",
    "ListDependants",
    "ListTitles",
    "ShareView",
    "ShowShare",
    "ShowTitle",
    "TitleListView",
    "TitleStep",
    "TitleView",
    "find",
    "history_of",
    "list_dependants",
    "list_titles",
    "show",
    "show_share",
]

PageNumber = Annotated[int, Meta(ge=0, le=COUNT_MAX // PAGE)]


class ShowTitle(Record, tag="title.show"):
    """Show a title."""

    title: RecordId
    """Which."""


class FindTitle(Record, tag="title.find"):
    """Show the title of a thing that is known by name."""

    kind: TitleKind
    """What it is."""

    name: TitleName
    """Which of its kind."""


class ListTitles(Record, tag="title.list"):
    """List all titles of a kind, page by page."""

    kind: TitleKind
    """Which kind."""

    page: PageNumber = 0
    """Which page, counted from 0."""

    retired: bool = False
    """Whether those that are retired are listed as well."""


class ListDependants(Record, tag="title.list-dependants"):
    """List what depends on a title of another ledger, page by page."""

    ledger: LedgerId
    """The other ledger."""

    title: RecordId
    """The title there."""

    page: PageNumber = 0
    """Which page, counted from 0."""


class ShowShare(Record, tag="title.show-share"):
    """Show how a title is shared."""

    title: RecordId
    """Which."""


class TitleView(Struct, frozen=True):
    """A title at the latest block."""

    title: RecordId
    """Its id."""

    kind: str
    """What it is."""

    name: str
    """Which of its kind."""

    owner: PublicKey
    """Whose it is."""

    attributes: tuple[Attribute, ...]
    """What is said of it."""

    registered_at: Milliseconds
    """When it was registered. [ms since the epoch, UTC]"""

    retired_at: Milliseconds
    """Since when it is no more; 0 while it is. [ms since the epoch, UTC]"""

    revision: int
    """How often it was written."""

    lock: LockedFor | None
    """The contract that holds it, if one does; `exchange.show-reservation` knows its times."""

    depends_on: Dependence | None
    """What it depends on, as last proven."""

    standing: Standing
    """Whether it has what it depends on."""


class TitleListView(Struct, frozen=True):
    """A page of a list."""

    pages: int
    """How many there are; those that nobody wrote to are none."""

    titles: tuple[TitleView, ...]
    """Those of this page that were asked for, in order of registration."""


class ShareView(Struct, frozen=True):
    """How a title is shared."""

    asset: RecordId
    """The class of assets whose holders share it."""

    shared_at: Milliseconds
    """Since when. [ms since the epoch, UTC]"""

    supply: Amount
    """How many shares there are. [base units]"""

    distributions: int
    """How often income was distributed."""


def show(reader: Reader, question: ShowTitle) -> TitleView:
    """Show a title, or reject if there is none."""
    title = reader.read(Title, question.title)
    if title is None:
        raise TitleNotFound(question.title)
    return TitleView(
        title=question.title,
        kind=title.kind,
        name=title.name,
        owner=title.owner,
        attributes=title.attributes,
        registered_at=title.registered_at,
        retired_at=title.retired_at,
        revision=title.revision,
        lock=title.lock if is_locked(title, time=reader.time) else None,
        depends_on=title.depends_on,
        standing=standing(title),
    )


def find(reader: Reader, question: FindTitle) -> TitleView:
    """Show the title of a thing, or reject if nobody registered it."""
    id = title_id(question.kind, question.name)
    if reader.read(Title, id) is None:
        raise NameNotFound(question.kind, question.name)
    return show(reader, ShowTitle(id))


def list_titles(reader: Reader, question: ListTitles) -> TitleListView:
    """List a page of a kind; a kind of which there is nothing has no pages."""
    pages, titles = _page(reader, kind_listing_id(question.kind), question.page)
    shown = [each for each in titles if question.retired or not each.retired_at]
    return TitleListView(pages, tuple(shown))


def list_dependants(reader: Reader, question: ListDependants) -> TitleListView:
    """List what depends on a title now; what did once, or is retired, is left out."""
    named = question.ledger, question.title
    pages, titles = _page(reader, dependants_listing_id(*named), question.page)
    shown = [
        each
        for each in titles
        if each.depends_on is not None
        and (each.depends_on.ledger, each.depends_on.title) == named
        and not each.retired_at
    ]
    return TitleListView(pages, tuple(shown))


def show_share(reader: Reader, question: ShowShare) -> ShareView:
    """Show how a title is shared, or reject if it is not."""
    if reader.read(Title, question.title) is None:
        raise TitleNotFound(question.title)
    share = reader.read(TitleShare, question.title)
    if share is None:
        raise TitleIsNotShared(question.title)
    asset = reader.read(AssetClass, share.asset)
    supply = 0 if asset is None else asset.minted - asset.burned
    return ShareView(share.asset, share.shared_at, supply, share.distributions)


def _page(reader: Reader, listing: RecordId, number: int) -> tuple[int, list[TitleView]]:
    """Return how many pages a list has, and the titles on one of them."""
    found = reader.read(Listing, listing)
    pages = 0 if found is None else -(-found.count // PAGE)
    if number >= max(pages, 1):
        raise PageNotFound(number, pages)
    page = reader.read(ListingPage, page_id(listing, number))
    ids = () if page is None else page.titles
    return pages, [show(reader, ShowTitle(each)) for each in ids]
