"""`tally import`: publish meter readings from files, and issue certificates for production."""

import random
from collections.abc import Iterator
from pathlib import Path

import click

from tallystick import compose
from tallystick.base.encoding import Record
from tallystick.client.ledger import Ledger, TransactionRejected
from tallystick.client.wallet import Wallet
from tallystick.contracts.certificate.commands import Issue
from tallystick.contracts.certificate.errors import CertificateNotFound
from tallystick.contracts.certificate.views import ShowCertificate
from tallystick.contracts.identity.model import Role
from tallystick.contracts.measurement.commands import Publish
from tallystick.contracts.measurement.errors import MeasurementNotFound
from tallystick.contracts.measurement.model import measurement_id
from tallystick.contracts.measurement.views import ShowMeasurement
from tallystick.scenarios.village_data import INTERVAL_SECONDS, Village, load_village
from tallystick.scenarios.village_work import reading_commands

from .errors import CheckFailed
from .output import progress_bar, show
from .places import existing, with_ledger
from .strict import Strict

COMMANDS_A_TRANSACTION = 1_000
QUARTERS_AT_ONCE = 96


@click.command("import", cls=Strict)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--sector", default="village", show_default=True, help="The area that the meters are in."
)
@click.option(
    "--issue/--no-issue", default=True, show_default=True, help="Issue certificates for production."
)
@with_ledger
def import_(folder: Path, sector: str, ledger: Path, *, issue: bool, as_json: bool) -> None:
    """
    Publish the readings of FOLDER, which holds meters.csv and profiles.csv.

    Each reading gets an owner key of its own from the ledger's wallet, where the meters' periods
    are recorded. The format is that of the demo's village.
    """
    village = load_village(folder)
    counts = {"measurements": 0, "certificates": 0}
    with existing(ledger) as opened, progress_bar("import", len(village.begins)) as advance:
        wallet = compose.open_wallet(ledger, opened.id)
        _record_meters(wallet, village)
        for first in range(0, len(village.begins), QUARTERS_AT_ONCE):
            quarters = range(first, min(first + QUARTERS_AT_ONCE, len(village.begins)))
            groups = [
                missing
                for group in _commands(wallet, village, quarters, sector, issue=issue)
                if (missing := _missing(opened, group))
            ]
            _send(opened, wallet, groups, counts)
            advance(len(quarters))
        height = opened.status().height
    show({**counts, "meters": len(village.meters), "height": height}, as_json=as_json)


def _record_meters(wallet: Wallet, village: Village) -> None:
    """Remember each meter's period, so that its keys can be found again."""
    begin, end = village.begins[0], village.begins[-1] + INTERVAL_SECONDS
    for number in range(len(village.meters)):
        wallet.record_meter(number, begin=begin, end=end, interval_seconds=INTERVAL_SECONDS)


def _commands(
    wallet: Wallet, village: Village, quarters: range, sector: str, *, issue: bool
) -> Iterator[tuple[Record, ...]]:
    """Yield what each reading brings: its publication, and a certificate for production."""
    begins = [village.begins[n] for n in quarters]
    for number, meter in enumerate(village.meters):
        keys = wallet.measurement_keys(number, begins)
        for key, begin, quarter in zip(keys, begins, quarters, strict=True):
            amount = village.energy_wh[number][quarter]
            group = reading_commands(meter, key, begin, amount, sector)
            yield group if issue else group[:1]


def _missing(ledger: Ledger, group: tuple[Record, ...]) -> tuple[Record, ...]:
    """Return what an earlier import, that was cut off, has not put on the ledger yet."""
    publish, *issue = group
    if not isinstance(publish, Publish):
        raise AssertionError("a reading begins with its publication")
    id = measurement_id(publish.owner, publish.begin)
    try:
        ledger.ask(ShowMeasurement(id))
    except MeasurementNotFound:
        return group
    try:
        ledger.ask(ShowCertificate(id))
    except CertificateNotFound:
        return tuple(issue)
    return ()


def _send(
    ledger: Ledger, wallet: Wallet, groups: list[tuple[Record, ...]], counts: dict[str, int]
) -> None:
    """Send readings in shuffled order, a thousand commands at a time, and insist on acceptance."""
    random.SystemRandom().shuffle(groups)
    commands = [command for group in groups for command in group]
    issuer = wallet.role_key(Role.ISSUING_BODY)
    batch = [
        wallet.sign(commands[n : n + COMMANDS_A_TRANSACTION], [issuer], expiry=ledger.expiry())
        for n in range(0, len(commands), COMMANDS_A_TRANSACTION)
    ]
    try:
        ledger.submit_all(batch)
    except TransactionRejected as rejected:
        raise CheckFailed(f"{rejected}; what was imported before it stays") from rejected
    counts["measurements"] += sum(isinstance(each, Publish) for each in commands)
    counts["certificates"] += sum(isinstance(each, Issue) for each in commands)
