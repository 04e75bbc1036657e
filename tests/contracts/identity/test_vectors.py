"""Other implementations can check themselves against tests/vectors/identity.json."""

import json
from pathlib import Path
from typing import Any

import msgspec

from tallystick.base import encoding
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
        fields = {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in msgspec.structs.asdict(command).items()
        }
        assert case["fields"] == msgspec.to_builtins(fields)
        assert [case["command"], *_plain(case["fields"])] == msgspec.msgpack.decode(raw)
    assert kinds.keys() == {case["command"] for case in VECTORS["commands"]}


def _plain(fields: dict[str, Any]) -> list[Any]:
    """Return field values as MessagePack has them: keys and ids as bytes."""
    return [
        bytes.fromhex(value) if name in {"identity", "key"} else value
        for name, value in fields.items()
    ]
