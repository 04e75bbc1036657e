"""
Sign what one day in the village brings.

Ids are computed, so everything can be signed before the ledger has seen any of it: publishing and
issuing by the issuing body, then a transfer or split for each plant that gives, then the claims of
each home that takes. It is work for a process of its own, beside the ledger's.
"""

import os
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from tallystick.base.derivation import (
    child_private_keys,
    child_public_keys,
    derive_path,
    master_from_seed,
    meter_path,
    public_of,
)
from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import LedgerId, PublicKey, RecordId
from tallystick.base.signatures import public_key
from tallystick.contracts.certificate.commands import Claim, Issue, Split, SplitPart, Transfer
from tallystick.contracts.certificate.model import SPLIT, TRANSFER, child_id
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.model import Kind, Quality, measurement_id
from tallystick.core.transaction import NONCE_BYTES, seal_transaction

from .matching import Match, match_quarter
from .village_data import INTERVAL_SECONDS, Meter, MeterKind, Village
from .village_figures import is_home, is_roof, order_plants

COMMANDS_A_TRANSACTION = 1_000
SECTOR = "village"
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Secrets:
    """Everybody's secrets, which only a demonstration holds in one hand."""

    ledger: LedgerId
    """The ledger that is signed for."""
    issuing_body: bytes
    """The key that publishes and issues."""
    seed: bytes
    """From which the keys of all meters derive."""


@dataclass(frozen=True, slots=True)
class Example:
    """One claim to tell a story with."""

    certificate: RecordId
    """What was claimed."""
    consumption: RecordId
    """What it covers."""
    amount_wh: int
    """How much. [Wh]"""


@dataclass(slots=True)
class DayWork:
    """One day's transactions, in the order in which they must arrive, and what is in them."""

    published: list[bytes]
    """A thousand commands each, signed by the issuing body."""
    moved: list[bytes]
    """One transfer or split each, signed by the key of that plant and quarter hour."""
    claimed: list[bytes]
    """The claims of one home in one quarter hour each, signed by that consumption's key."""
    matches: list[list[Match]]
    """Who got what from whom, by quarter hour."""
    owners: list[list[PublicKey]]
    """The owner keys by quarter hour and meter: the truth that a stranger would like to know."""
    measurements: int = 0
    certificates: int = 0
    claims: int = 0
    produced_wh: int = 0
    consumed_wh: int = 0
    matched_wh: int = 0
    example: Example | None = None


class VillageHands:
    """Everybody in the village who signs."""

    def __init__(self, secrets: Secrets, village: Village) -> None:
        self._ledger = secrets.ledger
        self._village = village
        meters = village.meters
        self._homes = [n for n, meter in enumerate(meters) if is_home(meter)]
        self._plants = order_plants(village)
        self._roofs = sum(is_roof(meters[n]) for n in self._plants)
        self._issuer = {public_key(secrets.issuing_body): secrets.issuing_body}
        master = master_from_seed(secrets.seed)
        self._private = [
            derive_path(master, meter_path(secrets.ledger, n)) for n in range(len(meters))
        ]
        self._public = [public_of(key) for key in self._private]

    def make_day(self, first: int, end: int, *, expiry: int) -> DayWork:
        """Sign everything for the quarter hours from `first` up to `end`."""
        minutes = [begin // 60 for begin in self._village.begins[first:end]]
        owners = _by_quarter([child_public_keys(key, minutes) for key in self._public])
        secrets = _by_quarter([child_private_keys(key, minutes) for key in self._private])
        work = DayWork([], [], [], [], owners)
        records: list[bytes] = []
        for place, quarter in enumerate(range(first, end)):
            ids = self._ids(quarter, owners[place])
            records += self._publish(quarter, owners[place], work)
            matches = self._match(quarter, work)
            children = self._move(
                quarter, owners[place], secrets[place], ids, matches, expiry, work
            )
            self._claim(owners[place], secrets[place], ids, matches, children, expiry, work)
        for n in range(0, len(records), COMMANDS_A_TRANSACTION):
            batch = records[n : n + COMMANDS_A_TRANSACTION]
            work.published.append(self._seal(batch, self._issuer, expiry))
        return work

    def _ids(self, quarter: int, owners: Sequence[PublicKey]) -> list[RecordId]:
        """Return the measurement ids of one quarter hour, by meter."""
        begin = self._village.begins[quarter]
        return [measurement_id(owner, begin) for owner in owners]

    def _publish(self, quarter: int, owners: Sequence[PublicKey], work: DayWork) -> list[bytes]:
        """Return one quarter's publications and issues, shuffled across meters."""
        begin = self._village.begins[quarter]
        commands: list[tuple[Record, ...]] = []
        for n, meter in enumerate(self._village.meters):
            amount = self._village.energy_wh[n][quarter]
            group = reading_commands(meter, owners[n], begin, amount, SECTOR)
            commands.append(group)
            work.measurements += 1
            work.certificates += len(group) - 1
        random.SystemRandom().shuffle(commands)
        return [encode(command) for group in commands for command in group]

    def _match(self, quarter: int, work: DayWork) -> list[Match]:
        """Match one quarter hour, with plants and homes numbered as meters."""
        energy = self._village.energy_wh
        plants = [energy[n][quarter] for n in self._plants]
        homes = [energy[n][quarter] for n in self._homes]
        matches = [
            Match(self._plants[plant], self._homes[home], amount_wh)
            for plant, home, amount_wh in match_quarter(
                roofs_wh=plants[: self._roofs],
                shared_wh=plants[self._roofs :],
                homes_wh=homes,
                turn=self._village.begins[quarter] // INTERVAL_SECONDS,
            )
        ]
        work.matches.append(matches)
        work.produced_wh += sum(plants)
        work.consumed_wh += sum(homes)
        work.matched_wh += sum(match.amount_wh for match in matches)
        return matches

    def _move(
        self,
        quarter: int,
        owners: Sequence[PublicKey],
        secrets: Sequence[bytes],
        ids: Sequence[RecordId],
        matches: Sequence[Match],
        expiry: int,
        work: DayWork,
    ) -> list[RecordId]:
        """Hand each plant's certificate to the consumption keys; return what each match got."""
        by_plant: dict[int, list[Match]] = {}
        for match in matches:
            by_plant.setdefault(match.plant, []).append(match)
        children = []
        for plant, given in by_plant.items():
            rest = self._village.energy_wh[plant][quarter] - sum(each.amount_wh for each in given)
            command: Record
            if rest == 0 and len(given) == 1:
                command = Transfer(ids[plant], owners[given[0].home], None)
                children.append(child_id(ids[plant], TRANSFER, 0))
            else:
                parts = [SplitPart(each.amount_wh, owners[each.home]) for each in given]
                if rest:
                    parts.append(SplitPart(rest, owners[plant]))
                command = Split(ids[plant], tuple(parts), None)
                children += [child_id(ids[plant], SPLIT, n) for n in range(len(given))]
            work.moved.append(
                self._seal([encode(command)], {owners[plant]: secrets[plant]}, expiry)
            )
        return children

    def _claim(
        self,
        owners: Sequence[PublicKey],
        secrets: Sequence[bytes],
        ids: Sequence[RecordId],
        matches: Sequence[Match],
        children: Sequence[RecordId],
        expiry: int,
        work: DayWork,
    ) -> None:
        """Let each home claim what it got, in one transaction under its consumption's key."""
        by_home: dict[int, list[bytes]] = {}
        for match, child in zip(matches, children, strict=True):
            claim = encode(Claim(child, ids[match.home], None))
            by_home.setdefault(match.home, []).append(claim)
            if work.example is None or match.amount_wh > work.example.amount_wh:
                work.example = Example(child, ids[match.home], match.amount_wh)
        for home, claims in by_home.items():
            work.claimed.append(self._seal(claims, {owners[home]: secrets[home]}, expiry))
            work.claims += len(claims)

    def _seal(self, commands: Sequence[bytes], keys: dict[PublicKey, bytes], expiry: int) -> bytes:
        """Sign commands with fresh randomness."""
        return seal_transaction(
            ledger=self._ledger,
            expiry=expiry,
            nonce=os.urandom(NONCE_BYTES),
            commands=commands,
            secret_by_key=keys,
        )


def reading_commands(
    meter: Meter, key: PublicKey, begin: int, amount_wh: int, sector: str
) -> tuple[Record, ...]:
    """Return what one reading brings: its publication and, for production, its certificate."""
    produces = meter.kind is MeterKind.GENERATOR
    kind = Kind.PRODUCTION if produces else Kind.CONSUMPTION
    end = begin + INTERVAL_SECONDS
    publish = Publish(key, begin, end, sector, kind, amount_wh, Quality.MEASURED)
    technology = meter.technology
    if not produces or not amount_wh or technology is None:
        return (publish,)
    id = measurement_id(key, begin)
    return publish, Issue(id, technology.technology_code, technology.fuel_code)


def _by_quarter(rows: list[list[Item]]) -> list[list[Item]]:
    """Turn rows by meter into rows by quarter hour."""
    return [list(column) for column in zip(*rows, strict=True)]
