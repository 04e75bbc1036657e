"""Keys from numbers are keys."""

from tallystick.base.signatures import is_public_key, sign, verify
from tallystick.testing.keys import key, secret


def test_key_belongs_to_its_secret() -> None:
    """What a number's secret signs, the number's key verifies, and no other number's does."""
    digest = bytes(range(32))
    for number in (1, 2, 1_000):
        proof = sign(secret(number), digest)
        assert is_public_key(key(number))
        assert verify(key(number), digest, proof)
        assert not verify(key(number + 1), digest, proof)
