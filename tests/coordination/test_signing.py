"""Owners sign with their secrets, and anybody may carry."""

from pathlib import Path

import pytest

from tallystick.contracts.asset.commands import Transfer
from tallystick.coordination.signing import Secrets
from tallystick.core.check import parse
from tallystick.testing.keys import key
from tests.coordination.world import ANNA, BERT, secrets_of, world


def test_who_signs(tmp_path: Path) -> None:
    """Those who are named sign, the carrier if nobody is, and always the same one."""
    with world(tmp_path, witnesses=0) as place:
        ledger = place.list[0]
        command = Transfer(place.units[ledger.id], key(ANNA), key(BERT), 1)
        signer = Secrets(secrets_of(ANNA, BERT))
        assert [True, True, False] == [signer.holds(key(n)) for n in (ANNA, BERT, 99)]
        raw = signer.sign(ledger, [command], [key(BERT), key(ANNA)])
        assert tuple(sorted((key(ANNA), key(BERT)))) == parse(raw).header.signers
        carried = [parse(signer.sign(ledger, [command], [])).header for _ in range(2)]
        assert carried[0].signers == carried[1].signers
        assert not signer.holds(carried[0].signers[0])
        assert carried[0].nonce != carried[1].nonce
        fixed = signer.sign(ledger, [command], [key(ANNA)], nonce=bytes(16))
        assert bytes(16) == parse(fixed).header.nonce


def test_a_secret_that_is_not_there_cannot_sign(tmp_path: Path) -> None:
    """It is our mistake, not the ledger's."""
    with world(tmp_path, witnesses=0) as place, pytest.raises(KeyError):
        Secrets().sign(place.list[0], [], [key(ANNA)])
