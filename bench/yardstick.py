"""What the machine can do without us, measured in between our own measurements."""

import os
import statistics
import tempfile
import time
from pathlib import Path

from coincurve import PrivateKey, PublicKey

from bench.result import Result
from tallystick.base import hashing, signatures

CHECKS = 6_000
SYNCS = 60


class Yardstick:
    """Rates of raw signature checks, sampled next to each benchmark so that noise cancels."""

    def __init__(self) -> None:
        secrets = [hashing.tagged_hash(b"bench", n.to_bytes(4, "big")) for n in range(64)]
        self._signed = []
        for secret in secrets:
            digest = hashing.tagged_hash(b"bench-digest", secret)
            der = PrivateKey(secret).sign(digest, hasher=None)
            self._signed.append((signatures.public_key(secret), digest, der))
        self._samples: list[float] = []

    def checks_per_second(self) -> float:
        """Return how many secp256k1 checks one core does now, each with its key parsed."""
        signed = self._signed
        began = time.perf_counter()
        for n in range(CHECKS):
            key, digest, der = signed[n % 64]
            if not PublicKey(key).verify(der, digest, hasher=None):
                raise AssertionError("a good signature must verify")
        rate = CHECKS / (time.perf_counter() - began)
        self._samples.append(rate)
        return rate

    def results(self) -> list[Result]:
        """Return the median of all samples of this run."""
        if not self._samples:
            return []
        return [Result("raw signature checks, one core", statistics.median(self._samples), "1/s")]


def fsync_milliseconds(folder: Path | None = None) -> list[float]:
    """Return the durations of syncing 30 KB appends to a file. [ms]"""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        descriptor = os.open(Path(place) / "sync", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        try:
            durations = []
            for _ in range(SYNCS):
                began = time.perf_counter()
                os.write(descriptor, bytes(30_000))
                os.fsync(descriptor)
                durations.append(1_000 * (time.perf_counter() - began))
        finally:
            os.close(descriptor)
    return durations
