"""Secrets at rest open with their passphrase and with nothing else."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tallystick.base.sealing import CannotUnseal, seal, unseal

RANDOM = bytes(range(28))
SECRET = b"a secret of the tests"
SEALED = seal(SECRET, b"passphrase", purpose=b"test", randomness=RANDOM, work_bits=4)


def test_a_sealed_secret_opens() -> None:
    """What was sealed comes back, and its bytes do not show it."""
    assert unseal(SEALED, b"passphrase", purpose=b"test") == SECRET
    assert SECRET not in SEALED


@pytest.mark.parametrize(
    ("passphrase", "purpose"), [(b"Passphrase", b"test"), (b"", b"test"), (b"passphrase", b"other")]
)
def test_another_passphrase_or_purpose_does_not_open(passphrase: bytes, purpose: bytes) -> None:
    """A wrong passphrase and a secret sealed for something else are refused alike."""
    with pytest.raises(CannotUnseal):
        unseal(SEALED, passphrase, purpose=purpose)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_no_byte_can_be_changed(place: int, flip: int) -> None:
    """Every byte of the sealed form is authenticated."""
    changed = bytearray(SEALED)
    changed[place] ^= flip
    if changed[10] == SEALED[10]:  # The cost itself: trying 2 to the 20 only takes long.
        with pytest.raises(CannotUnseal):
            unseal(bytes(changed), b"passphrase", purpose=b"test")


@given(st.binary(max_size=100))
def test_noise_does_not_open(noise: bytes) -> None:
    """Arbitrary bytes are refused."""
    with pytest.raises(CannotUnseal):
        unseal(noise, b"passphrase", purpose=b"test")


def test_randomness_has_the_right_length() -> None:
    """Too little randomness is our mistake and says so."""
    with pytest.raises(ValueError, match="randomness: 28 bytes"):
        seal(SECRET, b"", purpose=b"", randomness=b"")
