"""The rules by which a title depends on another ledger's: rebind, confirm."""

from msgspec.structs import replace

from tallystick.core.context import Context

from .commands import Confirm, Rebind
from .dependence import bound, check_news, lapsed_since, proven
from .errors import DependsOnNothing, TitleIsRetired
from .events import DependenceConfirmed, TitleRebound
from .listings import list_dependant
from .model import standing
from .titles import check_free, check_registrar, check_signed, revise, title_at


def rebind(context: Context, command: Rebind) -> None:
    """
    Let a title depend on another thing: the insurance goes from the old car to the new one.

    The new one is held on its ledger until this is written, as when the title was registered. It
    may be the same one; then the proof is not older than what is known of it.
    """
    # READ
    title = title_at(context, command.title)
    # CHECK
    check_registrar(context, title.kind)
    check_signed(context, title.owner)
    check_free(context, command.title, title)
    if title.depends_on is None:
        raise DependsOnNothing(command.title)
    found = bound(context, command.depends_on, title.owner, known=title.depends_on)
    # WRITE
    revised = revise(context, command.title, title, depends_on=found)
    list_dependant(context, found.ledger, found.title, command.title)
    context.emit(TitleRebound(command.title, revised.revision, found, standing(revised)))


def confirm(context: Context, command: Confirm) -> None:
    """
    Write down what the other ledger says now of what a title depends on.

    Nobody needs a right to: a title whose thing has left is lapsed, whoever shows it, and one whose
    thing came back is in force again. What says nothing against the present owner leaves it
    unproven. A lock does not keep the truth away, and is not touched.
    """
    # READ
    title = title_at(context, command.title)
    known = title.depends_on
    # CHECK
    if title.retired_at:
        raise TitleIsRetired(command.title)
    if known is None:
        raise DependsOnNothing(command.title)
    found, named = proven(
        context,
        command.proof,
        ledger=known.ledger,
        named=known.title,
        since=known.insured_since,
    )
    check_news(found, known)
    # COMPUTE
    news = replace(found, lapsed_since=lapsed_since(context, title, found, named))
    # WRITE
    revised = revise(context, command.title, title, depends_on=news)
    context.emit(DependenceConfirmed(command.title, revised.revision, news, standing(revised)))
