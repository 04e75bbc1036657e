"""The rules by which titles come to be, change, change hands and end."""

from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.base.signatures import is_public_key
from tallystick.contracts.asset.model import AssetClass, Balance
from tallystick.contracts.identity.model import Role
from tallystick.contracts.identity.views import authorised
from tallystick.core.context import Context
from tallystick.core.holding import VAULT_HEAD, holding_id

from .commands import Amend, Register, Retire, Transfer
from .dependence import bound
from .errors import (
    LapseIsRecent,
    NameIsTaken,
    OwnerHasNotSigned,
    SharesAreOut,
    TargetIsOwner,
    TitleRejected,
)
from .events import TitleAmended, TitleRegistered, TitleRetired
from .listings import list_dependant, list_kind
from .model import Seed, Standing, Title, TitleParameters, TitleShare, standing, title_id
from .titles import (
    check_attributes,
    check_free,
    check_owner,
    check_registrar,
    check_signed,
    hand_over,
    revise,
    title_at,
)


def register(context: Context, command: Register) -> None:
    """
    Register a thing.

    Its registrar and its owner both sign, so that nobody is given what he does not want, and nobody
    gives himself what no registrar has seen.
    """
    # READ
    id = title_id(command.kind, command.name)
    present = context.read(Title, id)
    named = command.depends_on
    # CHECK
    check_registrar(context, command.kind, field="kind")
    check_signed(context, command.owner, field="owner")
    check_attributes(command.attributes)
    if present is not None:
        raise NameIsTaken(command.kind, command.name)
    dependence = None if named is None else bound(context, named, command.owner)
    # COMPUTE
    title = Title(
        kind=command.kind,
        name=command.name,
        owner=command.owner,
        attributes=command.attributes,
        depends_on=dependence,
        registered_at=context.time,
        retired_at=0,
        revision=1,
        lock=None,
    )
    # WRITE
    _begin(context, id, title)


def amend(context: Context, command: Amend) -> None:
    """Replace what is said of a thing, by those who said it: its registrar with its owner."""
    # READ
    title = title_at(context, command.title)
    # CHECK
    check_registrar(context, title.kind)
    check_signed(context, title.owner)
    check_attributes(command.attributes)
    check_free(context, command.title, title)
    # COMPUTE
    kept = {each.name for each in command.attributes}
    removed = tuple(each.name for each in title.attributes if each.name not in kept)
    # WRITE
    revised = revise(context, command.title, title, attributes=command.attributes)
    context.emit(TitleAmended(command.title, revised.revision, command.attributes, removed))


def transfer(context: Context, command: Transfer) -> None:
    """
    Hand a title to another owner, who need not agree.

    What depends on it here stays behind: whether it still has what it depends on is then unproven.
    """
    # READ
    title = title_at(context, command.title)
    # CHECK
    check_signed(context, title.owner)
    check_owner(command.target)
    if command.target == title.owner:
        raise TargetIsOwner(command.target)
    check_free(context, command.title, title)
    # WRITE
    hand_over(context, command.title, title, command.target)


def retire(context: Context, command: Retire) -> None:
    """
    Say that a thing is no more; its record stays, and its name is never free again.

    Its registrar may, too, if what it depends on has left: an insurer ends the insurance of a car
    that was sold. First it must have been lapsed for as long as a proof may take, because one that
    shows the contrary may be on its way. What is shared ends only if nobody else has shares.
    """
    # READ
    title = title_at(context, command.title)
    held, supply = _shares(context, command.title, title.owner)
    # CHECK
    if title.owner not in context.signers:
        if not _has_lapsed(context, title):
            raise OwnerHasNotSigned(title.owner)
        if context.time <= (last := _rescued_until(context, title)):
            raise LapseIsRecent(last)
    check_free(context, command.title, title)
    if held < supply:
        raise SharesAreOut(held, supply)
    # WRITE
    revised = revise(context, command.title, title, retired_at=context.time, lock=None)
    context.emit(TitleRetired(command.title, revised.revision))


def seed(context: Context, parameters: TitleParameters) -> None:
    """
    Register what a ledger begins with.

    A thing that could never be moved, or stands there twice, is a mistake of whoever sets the
    ledger up: ValueError says which.
    """
    for n, each in enumerate(parameters.titles):
        id = title_id(each.kind, each.name)
        if problem := _problem(context, id, each):
            raise ValueError(f"title parameters: titles[{n}]: {problem}")
        time = context.time
        _begin(
            context,
            id,
            Title(each.kind, each.name, each.owner, each.attributes, None, time, 0, 1, None),
        )


def _begin(context: Context, id: RecordId, title: Title) -> None:
    """Write and list a new title, and report it."""
    found = title.depends_on
    context.create(id, title)
    list_kind(context, title.kind, id)
    if found is not None:
        list_dependant(context, found.ledger, found.title, id)
    context.emit(TitleRegistered(id, title.kind, title.name, title.owner, title.attributes, found))


def _has_lapsed(context: Context, title: Title) -> bool:
    """Tell whether a registrar who signs may end a title: people's, and of no use any more."""
    return (
        standing(title) is Standing.LAPSED
        and not title.owner.startswith(VAULT_HEAD)
        and authorised(context, Role.TITLE_REGISTRAR, title.kind)
    )


def _rescued_until(context: Context, title: Title) -> int:
    """Return until when a title that has lapsed waits for a proof. [ms since the epoch, UTC]"""
    since = 0 if title.depends_on is None else title.depends_on.lapsed_since
    return since + context.parameters(TitleParameters).proof_age_max


def _shares(context: Context, id: RecordId, owner: PublicKey) -> tuple[int, int]:
    """Return how many of a title's shares an owner has free, and how many there are."""
    share = context.read(TitleShare, id)
    if share is None:
        return 0, 0
    asset = context.read(AssetClass, share.asset)
    if asset is None:
        raise AssertionError(f"class {share.asset.hex()} vanished")
    balance = context.read(Balance, holding_id(share.asset, owner))
    return 0 if balance is None else balance.spendable, asset.minted - asset.burned


def _problem(context: Context, id: RecordId, seed: Seed) -> str:
    """Return why a ledger cannot begin with a title, or nothing."""
    if not is_public_key(seed.owner):
        return f"owner: {seed.owner.hex()} is no point of secp256k1"
    if context.read(Title, id) is not None:
        return f"the {seed.kind} {seed.name!r} stands there twice"
    try:
        check_attributes(seed.attributes)
    except TitleRejected as rejected:
        return str(rejected)
    return ""
