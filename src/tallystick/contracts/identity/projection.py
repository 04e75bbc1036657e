"""Identity's read model: who is enrolled, and who holds which role."""

from collections.abc import Iterator

from tallystick.core.event import Event
from tallystick.core.projection import Insert, Projection, RowChange, Table, Update

from .events import AuthorityAppointed, AuthorityDismissed, IdentityEnrolled, KeyRotated

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


PROJECTION = Projection(tables=(IDENTITIES, AUTHORITIES), fold=fold)
