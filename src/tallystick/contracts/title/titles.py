"""What all rules do with titles: find one, see that it may change, and write its next revision."""

from itertools import pairwise
from typing import Any

from msgspec.structs import replace

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context
from tallystick.core.holding import can_own

from .errors import (
    AttributesNotAscending,
    OwnerHasNotSigned,
    SignerIsNotTitleRegistrar,
    TargetIsNoKey,
    TitleIsLocked,
    TitleIsRetired,
    TitleNotFound,
)
from .events import TitleTransferred
from .model import Attribute, Title, is_locked, standing


def title_at(context: Context, id: RecordId, *, field: str = "title") -> Title:
    """Return a title, or reject if there is none: `field` is what names it."""
    title = context.read(Title, id)
    if title is None:
        raise TitleNotFound(id, field=field)
    return title


def check_registrar(context: Context, kind: str, *, field: str = "title") -> None:
    """Refuse to hear of a thing from anybody but a title registrar of its kind."""
    if not authorised(context, Role.TITLE_REGISTRAR, kind):
        raise SignerIsNotTitleRegistrar(kind, field=field)


def check_signed(context: Context, owner: PublicKey, *, field: str = "title") -> None:
    """Refuse what an owner has not signed."""
    if owner not in context.signers:
        raise OwnerHasNotSigned(owner, field=field)


def check_attributes(attributes: tuple[Attribute, ...]) -> None:
    """Refuse a list of attributes that could be written in another order, or says a thing twice."""
    for before, after in pairwise(attributes):
        if after.name <= before.name:
            raise AttributesNotAscending(after.name)


def check_owner(owner: PublicKey) -> None:
    """Refuse an owner that is neither a key that signs nor a vault: it could give nothing away."""
    if not can_own(owner):
        raise TargetIsNoKey(owner)


def check_free(context: Context, id: RecordId, title: Title, *, field: str = "title") -> None:
    """Refuse to touch what is no more, and what a contract holds: whoever asks is told which."""
    if title.retired_at:
        raise TitleIsRetired(id, field=field)
    lock = title.lock
    if lock is not None and is_locked(title, time=context.time):
        raise TitleIsLocked(id, lock, field=field)


def revise(context: Context, id: RecordId, title: Title, **changes: Any) -> Title:
    """Write the next revision of a title and return it."""
    revised = replace(title, revision=title.revision + 1, **changes)
    context.write(id, revised)
    return revised


def hand_over(
    context: Context, id: RecordId, title: Title, target: PublicKey, *, holder: str = ""
) -> None:
    """Write that a title is another's from now on and free of every lock, and report it."""
    found = title.depends_on
    if found is not None and target != title.owner:
        found = replace(found, insured_since=context.time)
    revised = revise(context, id, title, owner=target, depends_on=found, lock=None)
    context.emit(
        TitleTransferred(id, revised.revision, title.owner, target, holder, standing(revised))
    )
