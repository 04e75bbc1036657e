"""
A wallet: one seed, all keys, and signing without showing them.

Secrets never leave it. Signing happens inside, child secrets are never exported (one of them
together with a meter's extended public key gives away the meter), and extended public keys are
given out no higher than one meter. Paths are those of `base/derivation.py`; beside them stand the
keys of roles, which exist before any ledger does, because a genesis names them, and a person's, for
what must have one owner on several ledgers:

    m / ROLES' / role' / n'        role: its number in `ROLE_NUMBERS`
    m / PERSONS' / n'              the same on every ledger

A wallet is for one ledger; a sibling with the same seed is for another. It remembers, for each
meter, from when to when there are measurements: their keys are numbered by minute, so without that
there is nothing to look for.
"""

import secrets as randomness
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

import msgspec

from tallystick.base.amounts import Seconds
from tallystick.base.derivation import (
    GAP_MAX,
    HARDENED,
    ExtendedPrivateKey,
    child_private_keys,
    child_public_keys,
    derive_path,
    format_public,
    master_from_seed,
    meter_path,
    public_of,
    receive_path,
)
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId, format_public_key
from tallystick.base.intervals import check_interval, minute_index
from tallystick.base.sealing import WORK_BITS
from tallystick.base.signatures import public_key
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.model import measurement_id
from tallystick.core.transaction import NONCE_BYTES, seal_transaction

from .wallet_file import (
    METERS_MAX,
    SEED_BYTES,
    MeterPeriod,
    WalletContent,
    WalletFile,
    WalletUnusable,
    of_another_ledger,
)

__all__ = ["FoundMeasurement", "UnknownKey", "Wallet", "WalletUnusable"]

ROLES: Final = 0x524F4C45
"""First level of the paths of role keys: the letters ROLE."""
ROLE_NUMBERS: Final = {
    Role.REGISTRAR: 0,
    Role.ISSUING_BODY: 1,
    Role.PUBLISHER: 2,
    Role.ASSET_ISSUER: 3,
    Role.MARKET_OPERATOR: 4,
    Role.GRID_OPERATOR: 5,
    Role.DIRECTOR: 6,
    Role.REGISTRY_OPERATOR: 7,
    Role.TITLE_REGISTRAR: 8,
    Role.BALLOT_ADMINISTRATOR: 9,
    Role.SYSTEM_ADMINISTRATOR: 10,
    Role.DID_ADMINISTRATOR: 11,
    Role.COMPANY_ADMINISTRATOR: 12,
    Role.EMPLOYEE: 13,
}
"""A role's place in its path. Numbers are never given away twice."""
PERSONS: Final = 0x50455253
"""First level of the paths of a person's keys: the letters PERS."""
PERSON_KEYS_KNOWN: Final = 16
"""How many of a person's keys a wallet looks among for one that it is to sign with."""
KEYS_AT_ONCE: Final = 1_024
"""How many keys a walk along a branch derives before it looks at them."""

Branch = tuple[int, ...]
"""The path of keys that derive alike, all but their own number."""


class UnknownKey(ValueError):
    """The wallet has no secret for a public key, as far as it remembers."""

    def __init__(self, key: PublicKey) -> None:
        """Name the key and how the wallet could come to know it."""
        super().__init__(
            f"{format_public_key(key)} is not a key of this wallet: if it belongs to a meter, "
            "record the meter's period first"
        )


class FoundMeasurement(msgspec.Struct, frozen=True):
    """A measurement that recovery found."""

    meter: int
    """The meter's number in the wallet."""

    begin: Seconds
    """First second of its interval. [s since the epoch, UTC]"""

    measurement: RecordId
    """Its id."""


class Wallet:
    """Keys from one seed, kept in one encrypted file."""

    def __init__(self, file: WalletFile, content: WalletContent) -> None:
        self._file = file
        self._content = content
        self._master = master_from_seed(content.seed)
        self._branches: dict[Branch, ExtendedPrivateKey] = {}
        self._places: dict[PublicKey, tuple[Branch, int]] = {}
        self._walked: set[MeterPeriod] = set()
        self._receiving = 0

    @classmethod
    def create(
        cls,
        path: Path | str,
        passphrase: str | bytes,
        *,
        ledger: LedgerId | None = None,
        seed: bytes | None = None,
        work_bits: int = WORK_BITS,
    ) -> "Wallet":
        """
        Make a wallet in a new file, with a fresh seed unless one is given.

        The ledger may become known later: see `bind`.
        """
        chosen = randomness.token_bytes(SEED_BYTES) if seed is None else seed
        if len(chosen) != SEED_BYTES:
            raise WalletUnusable(f"seed: expected {SEED_BYTES} bytes, found {len(chosen)}")
        file = WalletFile(Path(path), passphrase, work_bits=work_bits)
        content = WalletContent(seed=chosen, ledger=ledger, meters=(), receive_next=0)
        file.create(content)
        return cls(file, content)

    @classmethod
    def open(cls, path: Path | str, passphrase: str | bytes) -> "Wallet":
        """Open a wallet; raises `WalletUnusable` if the passphrase is not its own."""
        file = WalletFile(Path(path), passphrase)
        return cls(file, file.read())

    def sibling(
        self, path: Path | str, passphrase: str | bytes, *, work_bits: int = WORK_BITS
    ) -> "Wallet":
        """
        Make a wallet for another ledger, with this one's seed, in a new file.

        So somebody has one key on both: roles and persons have the same keys there, receiving keys
        and meters others. Whoever sees both ledgers sees that it is one person.
        """
        return self.create(path, passphrase, seed=self._content.seed, work_bits=work_bits)

    def __repr__(self) -> str:
        """Keep secrets out of logs and traces."""
        return f"Wallet({str(self._file.path)!r})"

    @property
    def ledger(self) -> LedgerId | None:
        """The ledger that this wallet is for, nothing before it is bound."""
        return self._content.ledger

    @property
    def meters(self) -> tuple[MeterPeriod, ...]:
        """What the wallet remembers of its meters."""
        return self._content.meters

    @property
    def received(self) -> int:
        """How many receiving keys were given out."""
        return self._content.receive_next

    def bind(self, ledger: LedgerId) -> None:
        """Say which ledger the wallet is for; it never changes afterwards."""
        if self._content.ledger is None:
            self._save(msgspec.structs.replace(self._content, ledger=ledger))
        elif self._content.ledger != ledger:
            raise of_another_ledger(self._content.ledger, ledger)

    def role_key(self, role: Role, n: int = 0) -> PublicKey:
        """Return the n-th key for a role, the same whatever the ledger."""
        if not 0 <= n < HARDENED:
            raise ValueError(f"n: {n} is not between 0 and {HARDENED - 1}")
        return self._derive((ROLES + HARDENED, ROLE_NUMBERS[role] + HARDENED), [n + HARDENED])[0]

    def person_key(self, n: int) -> PublicKey:
        """Return the n-th key of the person whose wallet it is, the same whatever the ledger."""
        if not 0 <= n < HARDENED:
            raise ValueError(f"n: {n} is not between 0 and {HARDENED - 1}")
        return self._derive((PERSONS + HARDENED,), [n + HARDENED])[0]

    def record_meter(
        self, meter: int, *, begin: int, end: int, interval_seconds: int
    ) -> MeterPeriod:
        """
        Remember that a meter has measurements in [begin, end), and return all that is remembered.

        A period that is known already is widened to hold both. [s since the epoch, UTC]
        """
        check_interval(begin, begin + interval_seconds)
        if end <= begin or (end - begin) % interval_seconds:
            raise ValueError(f"end: {end} is not a whole number of intervals after {begin}")
        known = {each.meter: each for each in self._content.meters}
        before = known.get(meter)
        if before is not None and before.interval_seconds != interval_seconds:
            raise ValueError(
                f"interval_seconds: meter {meter} has intervals of {before.interval_seconds} s, "
                f"not {interval_seconds} s; give it another number from then on"
            )
        meter_path(self._bound(), meter)
        if before is None and len(known) == METERS_MAX:
            raise ValueError(f"meter: a wallet remembers at most {METERS_MAX}")
        begin = min(begin, begin if before is None else before.begin)
        end = max(end, end if before is None else before.end)
        known[meter] = MeterPeriod(
            meter=meter, begin=begin, end=end, interval_seconds=interval_seconds
        )
        if known[meter] != before:
            meters = tuple(known[number] for number in sorted(known))
            self._save(msgspec.structs.replace(self._content, meters=meters))
        return known[meter]

    def meter_xpub(self, meter: int) -> str:
        """
        Return a meter's extended public key, with which its measurements' keys are derived.

        Give it to whoever publishes for this meter: they can link its measurements, nothing else.
        """
        return format_public(public_of(self._branch(meter_path(self._bound(), meter))))

    def measurement_keys(self, meter: int, begins: Sequence[int]) -> list[PublicKey]:
        """Return a meter's owner keys by the begins of their intervals. [s since the epoch, UTC]"""
        minutes = [minute_index(begin) for begin in begins]
        return self._derive(meter_path(self._bound(), meter), minutes)

    def receive_key(self, n: int) -> PublicKey:
        """Return the n-th key to receive with."""
        return self._derive(receive_path(self._bound()), [n])[0]

    def next_receive_key(self) -> PublicKey:
        """Return a key to receive with that was never given out before."""
        return self.next_receive_keys(1)[0]

    def next_receive_keys(self, count: int) -> list[PublicKey]:
        """
        Return keys to receive with that were never given out before.

        That they are given out is durable before they are, so a crash repeats none. More than
        `GAP_MAX` of them in a row that nobody sends to are more than recovery passes over.
        """
        path, first = receive_path(self._bound()), self._content.receive_next
        self._save(msgspec.structs.replace(self._content, receive_next=first + count))
        return self._derive(path, range(first, first + count))

    def knows(self, key: PublicKey) -> bool:
        """Tell whether the wallet can sign for a key."""
        return self._place(key) is not None

    def sign(
        self,
        commands: Sequence[Record],
        keys: Sequence[PublicKey],
        *,
        expiry: int,
        nonce: bytes = b"",
    ) -> bytes:
        """
        Return a transaction of some commands, signed with keys of this wallet.

        One key per transaction keeps holdings unlinked: whoever signs with two says that both are
        theirs. `expiry` is in ms since the epoch, UTC; `Ledger.send` chooses it. The nonce is drawn
        unless it is given: whoever gives one twice is rejected.
        """
        return seal_transaction(
            ledger=self._bound(),
            expiry=expiry,
            nonce=nonce or randomness.token_bytes(NONCE_BYTES),
            commands=[encode(command) for command in commands],
            secret_by_key={key: self._secret_of(key) for key in keys},
        )

    def recover(
        self,
        *,
        measured: Callable[[RecordId], bool],
        received: Callable[[PublicKey], bool],
    ) -> list[FoundMeasurement]:
        """
        Find what belongs to the wallet, for one made anew from its seed.

        Walks the recorded period of each meter, and the receiving keys up to `GAP_MAX` unused ones
        in a row. `measured` says whether a measurement exists, `received` whether a key was ever
        sent to; `client/recovery.py` has both for a ledger.
        """
        found = [
            FoundMeasurement(period.meter, begin, id)
            for period in self._content.meters
            for begin, key in self._walk(period)
            if measured(id := measurement_id(key, begin))
        ]
        n, unused_from = 0, self._content.receive_next
        while n < min(unused_from + GAP_MAX, HARDENED):
            if received(self.receive_key(n)):
                unused_from = max(unused_from, n + 1)
            n += 1
        if unused_from != self._content.receive_next:
            self._save(msgspec.structs.replace(self._content, receive_next=unused_from))
        return found

    def _secret_of(self, key: PublicKey) -> bytes:
        """Return the secret of a key of ours."""
        place = self._place(key)
        if place is None:
            raise UnknownKey(key)
        path, index = place
        if index >= HARDENED:
            return derive_path(self._branch(path), [index]).secret
        return child_private_keys(self._branch(path), [index])[0]

    def _place(self, key: PublicKey) -> tuple[Branch, int] | None:
        """Return branch and index of a key, walking along all that the wallet remembers."""
        for _ in self._unwalked():
            if key in self._places:
                break
        return self._places.get(key)

    def _unwalked(self) -> Iterator[None]:
        """Derive what has not been derived yet, a branch at a time, pausing after each."""
        yield
        for role in ROLE_NUMBERS:
            self.role_key(role)
        yield
        for n in range(PERSON_KEYS_KNOWN):
            self.person_key(n)
        yield
        if self._content.ledger is None:
            return
        end = self._content.receive_next + GAP_MAX
        self._derive(receive_path(self._content.ledger), range(self._receiving, end))
        self._receiving = end
        yield
        for period in self._content.meters:
            if period not in self._walked:
                deque(self._walk(period), maxlen=0)
                self._walked.add(period)
            yield

    def _walk(self, period: MeterPeriod) -> Iterator[tuple[int, PublicKey]]:
        """Yield each begin of a meter's recorded period with its key."""
        begins = range(period.begin, period.end, period.interval_seconds)
        for first in range(0, len(begins), KEYS_AT_ONCE):
            some = begins[first : first + KEYS_AT_ONCE]
            yield from zip(some, self.measurement_keys(period.meter, some), strict=True)

    def _derive(self, path: Branch, indices: Sequence[int]) -> list[PublicKey]:
        """Return the keys of a branch, and remember where they are."""
        branch = self._branch(path)
        if any(index >= HARDENED for index in indices):
            keys = [public_key(derive_path(branch, [index]).secret) for index in indices]
        else:
            keys = child_public_keys(public_of(branch), indices)
        self._places.update(zip(keys, ((path, index) for index in indices), strict=True))
        return keys

    def _branch(self, path: Branch) -> ExtendedPrivateKey:
        """Return the key that some others derive from."""
        branch = self._branches.get(path)
        if branch is None:
            branch = self._branches[path] = derive_path(self._master, path)
        return branch

    def _bound(self) -> LedgerId:
        """Return the ledger, without which there are neither meters nor receiving keys."""
        if self._content.ledger is None:
            raise WalletUnusable("ledger: the wallet is not bound to one yet; bind it first")
        return self._content.ledger

    def _save(self, content: WalletContent) -> None:
        """Make new content durable, then go by it."""
        self._file.replace(content)
        self._content = content
