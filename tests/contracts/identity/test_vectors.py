"""Other implementations can check themselves against tests/vectors/identity.json."""

import json
from pathlib import Path
from typing import Any

import msgspec

from tallystick.base import encoding
from tallystick.base.encoding import Record
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts import identity
from tallystick.contracts.identity.model import Role, authority_id, key_id, registrars_id

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[2].joinpath("vectors", "identity.json").read_text(encoding="utf-8")
)


def test_ids() -> None:
    """Keys, authorities and the list of registrars stand under the published ids."""
    for case in VECTORS["key_ids"]:
        assert case["id"] == key_id(PublicKey(bytes.fromhex(case["key"]))).hex()
    for case in VECTORS["authority_ids"]:
        holder = RecordId(bytes.fromhex(case["identity"]))
        assert case["id"] == authority_id(holder, Role(case["role"]), case["scope"]).hex()
    assert VECTORS["registrars_id"] == registrars_id().hex()


def test_commands() -> None:
    """The published bytes are the tag and the fields in order, and decode to the command."""
    kinds = {str(kind.__struct_config__.tag): kind for kind in identity.CONTRACT.commands}
    for case in VECTORS["commands"]:
        raw = bytes.fromhex(case["bytes"])
        command = encoding.decode(raw, kinds[case["command"]])
        assert case["fields"] == _shown(command)
        assert [case["command"], *_packed(command)] == msgspec.msgpack.decode(raw)
    assert kinds.keys() == {case["command"] for case in VECTORS["commands"]}


def _shown(record: Record) -> dict[str, Any]:
    """Return a record's fields as the vectors spell them: bytes as hexadecimal."""
    return {name: _text(value) for name, value in msgspec.structs.asdict(record).items()}


def _text(value: Any) -> Any:
    """Return one value as the vectors spell it."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, tuple):
        return [_text(each) for each in value]
    return _shown(value) if isinstance(value, Record) else msgspec.to_builtins(value)


def _packed(record: Record) -> list[Any]:
    """Return a record's fields as MessagePack has them: a record within is its tag and fields."""
    return [_item(value) for value in msgspec.structs.astuple(record)]


def _item(value: Any) -> Any:
    """Return one value as MessagePack has it."""
    if isinstance(value, Record):
        return [value.__struct_config__.tag, *_packed(value)]
    if isinstance(value, tuple):
        return [_item(each) for each in value]
    return value if isinstance(value, bytes) else msgspec.to_builtins(value)
