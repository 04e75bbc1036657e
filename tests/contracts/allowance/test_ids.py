"""Other implementations can check themselves against tests/vectors/allowance.json."""

import json
from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Any

from msgspec import Struct, convert

from tallystick.base import encoding
from tallystick.base.identifiers import PublicKey, RecordId
from tallystick.contracts import allowance
from tallystick.contracts.allowance import ids
from tallystick.contracts.allowance.formula import Facts, baseline_formula
from tallystick.core.holding import SHARED_COMMANDS, holding_id
from tests.contracts.allowance.cases import FORMULA

VECTORS: dict[str, Any] = json.loads(
    Path(__file__).parents[2].joinpath("vectors", "allowance.json").read_text(encoding="utf-8")
)

MADE_BY: dict[str, Callable[..., bytes]] = {
    "vintage": ids.vintage_id,
    "holding": holding_id,
    "account": ids.account_id,
    "meter": ids.meter_id,
    "baseline": ids.baseline_id,
    "obligation": ids.obligation_id,
    "counted": ids.counted_id,
    "locked": ids.locked_id,
    "retirement": ids.retirement_id,
}

WORDS = {"zone", "holder"}
"""Fields of ids that are words, not bytes in hexadecimal."""


def test_ids() -> None:
    """Everything stands under the published ids."""
    for case in VECTORS["ids"]:
        given = {
            name: value if isinstance(value, int) or name in WORDS else bytes.fromhex(value)
            for name, value in case.items()
            if name not in {"id", "of"}
        }
        if case["of"] == "holding":
            given["unit"] = given.pop("vintage")
        assert case["id"] == MADE_BY[case["of"]](**given).hex()
    assert MADE_BY.keys() == {case["of"] for case in VECTORS["ids"]}


def test_ids_differ() -> None:
    """Whatever is different about a thing, its id is another."""
    programme, other = RecordId(bytes(32)), RecordId(b"\x01" * 32)
    found = {
        ids.vintage_id(programme=each, zone=zone, period=period)
        for each in (programme, other)
        for zone in ("north", "south")
        for period in (0, 1)
    }
    assert 8 == len(found)
    assert ids.baseline_id(unit=other, period=0) != ids.obligation_id(unit=other, period=0)


def test_commitments_and_digests() -> None:
    """Commitments and digests are the published hashes."""
    for case in VECTORS["commitments"]:
        sealed = ids.commitment(
            holder=RecordId(bytes.fromhex(case["holder"])),
            key=PublicKey(bytes.fromhex(case["key"])),
            salt=bytes.fromhex(case["salt"]),
        )
        assert case["commitment"] == sealed.hex()
    for case in VECTORS["digests"]:
        encodings = [text.encode() for text in case["encodings"]]
        assert case["digest"] == ids.record_digest(*encodings).hex()


def test_rates() -> None:
    """The published formula gives the published rates."""
    assert plain(FORMULA) == VECTORS["formula"]
    for case in VECTORS["rates"]:
        given = {name: value for name, value in case.items() if name != "rate_g_per_mwh"}
        given["conditions"] = tuple(given["conditions"])
        facts = convert(list(given.values()), Facts)
        assert case["rate_g_per_mwh"] == baseline_formula(FORMULA, facts)


def test_commands() -> None:
    """The published bytes decode to the command with the published fields, and back."""
    kinds = {
        str(kind.__struct_config__.tag): kind
        for kind in allowance.CONTRACT.commands
        if kind not in SHARED_COMMANDS
    }
    for case in VECTORS["commands"]:
        raw = bytes.fromhex(case["bytes"])
        command = encoding.decode(raw, kinds[case["command"]])
        assert case["fields"] == plain(command)
        assert case["bytes"] == encoding.encode(command).hex()
    assert kinds.keys() == {case["command"] for case in VECTORS["commands"]}


def plain(value: Any) -> Any:
    """Return a value as JSON has it, bytes in hexadecimal."""
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, tuple):
        return [plain(each) for each in value]
    if isinstance(value, Struct):
        return {name: plain(getattr(value, name)) for name in value.__struct_fields__}
    return value
