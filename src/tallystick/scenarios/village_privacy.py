"""
What a stranger can link who sees the whole ledger and holds no key.

Every reading has a fresh owner key, so nothing on the ledger says that two of them come from one
meter. Three attempts to find out all the same, each measured against the truth that only the demo
knows: follow the signatures, look for rare technologies, and guess that a meter's next reading is
the closest one.
"""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

from tallystick.base.encoding import Decoder
from tallystick.base.identifiers import PublicKey
from tallystick.contracts.certificate.commands import Claim, Issue, Split, Transfer
from tallystick.contracts.measurement.commands import Publish
from tallystick.core.block import Block
from tallystick.core.check import parse

from .ledger_facts import Finding
from .village_data import Village

Command = Publish | Issue | Transfer | Split | Claim
QUARTERS_BETWEEN_GUESSES = 7

_commands: Decoder[Command] = Decoder(Command)


def find_out(
    blocks: Iterable[Block],
    meter_by_key: Mapping[PublicKey, int],
    village: Village,
) -> tuple[Finding, ...]:
    """Return how well each attempt does."""
    linked = count_linked(blocks, meter_by_key)
    return (
        Finding(
            "Follow who signs with whom and who receives from whom",
            f"{linked:,} of {len(meter_by_key):,} keys tied to another key of the same meter",
        ),
        Finding("Look for technologies with a single plant", _rare(village)),
        Finding("Guess that a home's next reading is the closest in amount", _guess(village)),
    )


def count_linked(blocks: Iterable[Block], meter_by_key: Mapping[PublicKey, int]) -> int:
    """
    Count the keys that some transaction ties, directly or in steps, to another key of their meter.

    Keys are tied when they sign together, when one gives to the other, or when one publishes for
    the other. What only the issuing body signs ties nobody: it signs for everybody.
    """
    groups = _Groups()
    for block in blocks:
        for raw in block.transactions:
            for keys in _tied_in(raw, meter_by_key):
                groups.join(*keys)
    members: dict[tuple[PublicKey, int], int] = {}
    for key, meter in meter_by_key.items():
        place = groups.leader(key), meter
        members[place] = members.get(place, 0) + 1
    return sum(count for count in members.values() if count > 1)


def _tied_in(raw: bytes, known: Container[PublicKey]) -> Iterator[tuple[PublicKey, PublicKey]]:
    """Yield pairs of meters' keys that a transaction ties."""
    transaction = parse(raw)
    keys = [key for key in transaction.header.signers if key in known]
    if not keys:
        return
    for item in transaction.commands:
        command = _commands.decode_trusted(item)
        if isinstance(command, Publish | Transfer):
            keys.append(command.owner)
        elif isinstance(command, Split):
            keys += [part.owner for part in command.parts]
    for key in keys[1:]:
        if key in known:
            yield keys[0], key


class _Groups:
    """Sets of keys that belong together."""

    def __init__(self) -> None:
        self._above: dict[PublicKey, PublicKey] = {}

    def leader(self, key: PublicKey) -> PublicKey:
        """Return the key that stands for a key's group."""
        while (above := self._above.get(key, key)) != key:
            self._above[key] = self._above.get(above, above)
            key = above
        return key

    def join(self, one: PublicKey, other: PublicKey) -> None:
        """Make two groups one."""
        self._above[self.leader(one)] = self.leader(other)


def _rare(village: Village) -> str:
    """Name the technologies whose code alone gives a plant away."""
    plants: dict[tuple[str, str], int] = {}
    names: dict[tuple[str, str], str] = {}
    for meter in village.meters:
        if meter.technology is not None:
            codes = meter.technology.technology_code, meter.technology.fuel_code
            plants[codes] = plants.get(codes, 0) + 1
            names.setdefault(codes, meter.technology.label)
    alone = [names[codes] for codes, count in plants.items() if count == 1]
    if not alone:
        return "every technology has several plants"
    return f"{', '.join(alone)}: one plant each, so all its certificates are linked by their code"


def _guess(village: Village) -> str:
    """Guess from amounts alone which reading comes next, and say how often that is right."""
    homes = [n for n, meter in enumerate(village.meters) if meter.technology is None]
    right = tried = 0
    for quarter in range(0, len(village.begins) - 1, QUARTERS_BETWEEN_GUESSES):
        now = [village.energy_wh[n][quarter] for n in homes]
        after = [village.energy_wh[n][quarter + 1] for n in homes]
        right += sum(_is_closest(amount, after, n) for n, amount in enumerate(now))
        tried += len(homes)
    percent, blind = 100 * right // max(tried, 1), 100 / max(len(homes), 1)
    return f"right in {percent} % of {tried:,} guesses; blind guessing: {blind:.1f} %"


def _is_closest(amount: int, after: Sequence[int], home: int) -> bool:
    """Tell whether a home's own next amount is the closest one, and the only one."""
    distance = abs(after[home] - amount)
    return all(abs(other - amount) > distance for n, other in enumerate(after) if n != home)
