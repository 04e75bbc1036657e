"""Identity's read model: who is enrolled, who holds which role, and which ledgers are believed."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Insert, Projection, RowChange, Table, Update

from .events import (
    AuthorityAppointed,
    AuthorityDismissed,
    IdentityEnrolled,
    KeyRotated,
    LedgerAnchored,
    LedgerDisowned,
    LedgerRecognised,
)

IDENTITIES = Table(
    name="identity_identities",
    columns=(
        ("identity", "bytes"),
        ("key", "bytes"),
        ("enrolled_by", "bytes"),
        ("enrolled_at", "integer"),
    ),
    key=("identity",),
    indexes=(("key",),),
)

AUTHORITIES = Table(
    name="identity_authorities",
    columns=(
        ("identity", "bytes"),
        ("role", "text"),
        ("scope", "text"),
        ("begin", "integer"),
        ("end", "integer"),
        ("appointed_by", "bytes"),
        ("dismissed_at", "integer"),
    ),
    key=("identity", "role", "scope"),
    indexes=(("scope", "role"),),
)

LEDGERS = Table(
    name="identity_ledgers",
    columns=(
        ("ledger", "bytes"),
        ("keys", "text"),
        ("threshold", "integer"),
        ("recognised_at", "integer"),
        ("disowned_at", "integer"),
        ("anchored_size", "integer"),
    ),
    key=("ledger",),
)


def fold(event: Event, time: int) -> Iterator[RowChange]:
    """Turn an event into row changes."""
    match event:
        case IdentityEnrolled():
            row = (event.identity, event.key, event.enrolled_by, time)
            yield Insert(IDENTITIES, row)
        case KeyRotated():
            yield Update(IDENTITIES, (event.identity,), {"key": event.new_key})
        case AuthorityAppointed():
            key = (event.identity, event.role.value, event.scope)
            period = {
                "begin": event.begin,
                "end": event.end,
                "appointed_by": event.appointed_by,
                "dismissed_at": 0,
            }
            if event.replaces:
                yield Update(AUTHORITIES, key, period)
            else:
                yield Insert(AUTHORITIES, (*key, *period.values()))
        case AuthorityDismissed():
            key = (event.identity, event.role.value, event.scope)
            yield Update(AUTHORITIES, key, {"dismissed_at": time})
        case LedgerRecognised() | LedgerDisowned() | LedgerAnchored():
            yield _fold_ledger(event, time)


def _fold_ledger(event: LedgerRecognised | LedgerDisowned | LedgerAnchored, time: int) -> RowChange:
    """Turn what happened to another ledger into its row."""
    match event:
        case LedgerRecognised():
            trust = event.trust
            keys = "\n".join(trust.keys)
            if not event.replaces:
                return Insert(LEDGERS, (trust.ledger, keys, trust.threshold, time, 0, 0))
            row = {"keys": keys, "threshold": trust.threshold, "recognised_at": time}
            return Update(LEDGERS, (trust.ledger,), row | {"disowned_at": 0})
        case LedgerDisowned():
            return Update(LEDGERS, (event.ledger,), {"disowned_at": time})
        case LedgerAnchored():
            return Update(LEDGERS, (event.ledger,), {"anchored_size": event.anchor.size})


PROJECTION = Projection(tables=(IDENTITIES, AUTHORITIES, LEDGERS), fold=fold)
