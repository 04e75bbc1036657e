"""Ids and commitments are what other languages compute, too."""

import json
from pathlib import Path

from tallystick.base.identifiers import LockId, PublicKey, RecordId
from tallystick.contracts.asset.model import (
    claim_of,
    key_hash,
    lock_record_id,
    series_id,
    waiting_room,
)
from tallystick.core.holding import holding_id, vault

VECTORS = json.loads((Path(__file__).parents[2] / "vectors" / "asset.json").read_text())


def test_vectors() -> None:
    """Each value is the tagged hash of its parts."""
    asset = RecordId(bytes.fromhex(VECTORS["asset"]))
    owner = PublicKey(bytes.fromhex(VECTORS["owner"]))
    lock_id = LockId(bytes.fromhex(VECTORS["lock_id"]))
    series = series_id(asset, VECTORS["reading_id"])
    holding = holding_id(asset, owner)
    found = {
        "series_id": series,
        "holding_id": holding,
        "lock_record_id": lock_record_id(holding, VECTORS["holder"], lock_id),
        "claim": claim_of(owner, bytes.fromhex(VECTORS["proof"])),
        "key_hash": key_hash(owner),
        "waiting_room": waiting_room(series),
        "vault": vault(VECTORS["holder"], lock_id),
    }
    assert VECTORS["expected"] == {name: value.hex() for name, value in found.items()}


def test_readings_have_tokens_of_their_own() -> None:
    """A token's id tells class and reading apart."""
    one, two = RecordId(bytes(32)), RecordId(bytes(31) + b"\x01")
    ids = {series_id(asset, reading) for asset in (one, two) for reading in ("", "a", "aa")}
    assert 6 == len(ids)
