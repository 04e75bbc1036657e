"""RIPEMD-160 is the published function, with or without the system's library."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base.ripemd160 import ripemd160, ripemd160_in_python

# From the authors' page of the function.
PUBLISHED = [
    (b"", "9c1185a5c5e9fc54612808977ee8f548b2258d31"),
    (b"a", "0bdc9d2d256b3ee9daae347be6f4dc835a467ffe"),
    (b"abc", "8eb208f7e05d987a9b044a8e98c6b087f15a0bfc"),
    (b"message digest", "5d0689ef49d2fae572b881b123a85ffa21595f36"),
    (b"abcdefghijklmnopqrstuvwxyz", "f71c27109c692c1b56bbdceb5b9d2865b3708dbc"),
    (
        b"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
        "12a053384a9c0c88e405a06c27dcf49ada62eb2b",
    ),
    (
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
        "b0e20b6e3116640286ed3a87a5713079b21f5189",
    ),
    (b"1234567890" * 8, "9b752e45573d4b39f4dbd3323cab82bf63326bfb"),
]


@pytest.mark.parametrize(("data", "digest"), PUBLISHED)
def test_published_digests(data: bytes, digest: str) -> None:
    """Both ways give the published digests."""
    assert digest == ripemd160_in_python(data).hex()
    assert digest == ripemd160(data).hex()


@given(st.binary(max_size=200))
def test_both_ways_agree(data: bytes) -> None:
    """For every length around the block's, what we compute is what the library computes."""
    assert ripemd160(data) == ripemd160_in_python(data)


def test_a_system_without_it_is_no_obstacle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the library has dropped the function, ours takes its place."""

    def dropped(name: str, data: bytes, *, usedforsecurity: bool) -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", dropped)
    with pytest.raises(ValueError, match="unsupported"):
        hashlib.new("ripemd160", b"", usedforsecurity=False)
    assert PUBLISHED[2][1] == ripemd160(b"abc").hex()
