"""What always holds about identities."""

from collections.abc import Iterator

from tallystick.base.identifiers import RecordId
from tallystick.core.invariant import Changes, Invariant

from .model import (
    Authority,
    Identity,
    KeyBinding,
    Recognised,
    Registrars,
    StatusPage,
    authority_id,
    is_permanent_registrar,
    key_id,
    registrars_id,
)


def _without_registrar(changes: Changes) -> Iterator[str]:
    for _, _, after in changes.of(Registrars):
        if after is None or not after.identities:
            yield "the list of permanent registrars is empty"


def _list_differs_from_authorities(changes: Changes) -> Iterator[str]:
    became: dict[RecordId, bool] = {}
    for _, before, after in changes.of(Authority):
        was = before is not None and is_permanent_registrar(before)
        now = after is not None and is_permanent_registrar(after)
        if was != now:
            became[(after or before).identity] = now
    listed: dict[RecordId, bool] = {}
    for id, before, after in changes.of(Registrars):
        if id != registrars_id():
            yield f"a second list stands under {id.hex()}"
        old = () if before is None else before.identities
        new = () if after is None else after.identities
        if len(set(new)) != len(new):
            yield "the list names somebody twice"
        listed |= {each: False for each in old if each not in new}
        listed |= {each: True for each in new if each not in old}
    for identity in became.keys() | listed.keys():
        if became.get(identity) is not listed.get(identity):
            yield f"identity {identity.hex()} and the list of registrars disagree"


def _key_without_binding(changes: Changes) -> Iterator[str]:
    bindings = {id: after for id, _, after in changes.of(KeyBinding)}
    for id, before, after in changes.of(Identity):
        if after is None:
            yield f"identity {id.hex()} vanished"
        elif before is None or before.key != after.key:
            binding = bindings.get(key_id(after.key))
            if binding is None or binding.identity != id or binding.retired_at:
                yield f"the key of identity {id.hex()} is not bound to it"


def _revived_key(changes: Changes) -> Iterator[str]:
    for id, before, after in changes.of(KeyBinding):
        if before is None:
            continue
        if after is None or before.retired_at or after.identity != before.identity:
            yield f"the key bound under {id.hex()} was bound before"


def _misplaced_authority(changes: Changes) -> Iterator[str]:
    for id, _, after in changes.of(Authority):
        if after is None:
            yield f"authority {id.hex()} vanished"
        elif id != authority_id(after.identity, after.role, after.scope):
            yield f"authority {id.hex()} stands under another's id"


def _shrunk_anchors(changes: Changes) -> Iterator[str]:
    for id, before, after in changes.of(Recognised):
        if after is None:
            yield f"the recognised ledger under {id.hex()} vanished"
            continue
        sizes = [each.size for each in after.anchors]
        if sizes != sorted(set(sizes)):
            yield f"the anchors of ledger {after.trust.ledger.hex()} do not ascend"
        known_on = before is not None and before.recognised_at == after.recognised_at
        if before is not None and known_on and _latest(before) > _latest(after):
            yield f"an anchor of ledger {after.trust.ledger.hex()} was taken back"


def _latest(found: Recognised) -> int:
    """Return the size of the latest anchor, 0 if there is none."""
    return found.anchors[-1].size if found.anchors else 0


def _cleared_status(changes: Changes) -> Iterator[str]:
    for id, before, after in changes.of(StatusPage):
        old = 0 if before is None else int.from_bytes(before.bits, "big")
        new = 0 if after is None else int.from_bytes(after.bits, "big")
        if old & ~new:
            yield f"an entry of the status page under {id.hex()} was cleared"


INVARIANTS = (
    Invariant("there is always a permanent registrar", _without_registrar),
    Invariant(
        "the list of permanent registrars names exactly those", _list_differs_from_authorities
    ),
    Invariant("an identity's present key is bound to it", _key_without_binding),
    Invariant("a key is bound once and, once retired, never again", _revived_key),
    Invariant(
        "an authority stands under the id of its holder, role and scope", _misplaced_authority
    ),
    Invariant("what is anchored of another ledger only grows", _shrunk_anchors),
    Invariant("a revoked credential stays revoked", _cleared_status),
)
