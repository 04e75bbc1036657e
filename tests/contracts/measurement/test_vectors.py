"""Other implementations can check themselves against tests/vectors/measurement.json."""

import json
from pathlib import Path
from typing import Any

import msgspec

from tallystick.base import encoding
from tallystick.base.identifiers import PublicKey
from tallystick.contracts import measurement
from tallystick.contracts.measurement.model import measurement_id

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[2].joinpath("vectors", "measurement.json").read_text(encoding="utf-8")
)


def test_measurement_ids() -> None:
    """Owner and begin give the published id."""
    for case in VECTORS["measurement_ids"]:
        owner = PublicKey(bytes.fromhex(case["owner"]))
        assert case["id"] == measurement_id(owner, case["begin"]).hex()


def test_commands() -> None:
    """The published bytes are the tag and the fields in order, and decode to the command."""
    kinds = {str(kind.__struct_config__.tag): kind for kind in measurement.CONTRACT.commands}
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
        bytes.fromhex(value) if name in {"owner", "measurement"} else value
        for name, value in fields.items()
    ]
