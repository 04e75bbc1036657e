"""`tally keys`: the keys of a ledger's wallet, and the names by which commands refer to them."""

from pathlib import Path

import click

from tallystick.base.identifiers import PublicKey, format_public_key, parse_public_key
from tallystick.base.intervals import parse_time
from tallystick.client.wallet import Wallet
from tallystick.contracts.identity.model import Role

from .output import show
from .places import wallet_of, with_ledger

ROLE_NAMES = tuple(role.value for role in Role)
FORMS = "a role, receive/N, meter/N/BEGIN or key_…"


@click.group("keys")
def keys() -> None:
    """Show and make the keys of a ledger's wallet. Secrets are never shown."""


@keys.command("list")
@with_ledger
def list_(ledger: Path, *, as_json: bool) -> None:
    """Show the names and public keys that `--sign` understands."""
    wallet = wallet_of(ledger)
    rows = [_row(role.value, wallet.role_key(role)) for role in Role]
    rows += [_row(f"receive/{n}", wallet.receive_key(n)) for n in range(wallet.received)]
    show({"keys": rows} if as_json else rows, as_json=as_json)


@keys.command("new")
@with_ledger
def new(ledger: Path, *, as_json: bool) -> None:
    """Make a key to receive with that was never given out before."""
    wallet = wallet_of(ledger)
    key = wallet.next_receive_key()
    show(_row(f"receive/{wallet.received - 1}", key), as_json=as_json)


@keys.command("meter")
@click.argument("number", type=click.IntRange(0))
@click.option("--begin", required=True, help="First interval, such as 2026-01-01T00:00:00Z.")
@click.option("--end", required=True, help="End of the last interval.")
@click.option(
    "--interval-seconds",
    type=int,
    default=900,
    show_default=True,
    help="Length of its intervals. [s]",
)
@with_ledger
def meter(
    number: int, begin: str, end: str, interval_seconds: int, ledger: Path, *, as_json: bool
) -> None:
    """Record a meter's period, and show the extended key with which its owner keys are derived."""
    wallet = wallet_of(ledger)
    wallet.record_meter(
        number,
        begin=parse_time(begin),
        end=parse_time(end),
        interval_seconds=interval_seconds,
    )
    show(
        {"name": f"meter/{number}", "extended_public_key": wallet.meter_xpub(number)},
        as_json=as_json,
    )


@keys.command("show")
@click.argument("name")
@with_ledger
def show_(name: str, ledger: Path, *, as_json: bool) -> None:
    """Show the public key that a NAME stands for, such as meter/0/2026-01-01T00:00:00Z."""
    wallet = wallet_of(ledger)
    show(_row(name, named_key(wallet, name)), as_json=as_json)


def is_name(text: str) -> bool:
    """Tell whether a text has the form of a key's name, rather than of the key itself."""
    return text in ROLE_NAMES or text.startswith(("receive/", "meter/"))


def named_key(wallet: Wallet, name: str) -> PublicKey:
    """Return the public key that a name stands for, or raise ValueError."""
    if name in ROLE_NAMES:
        return wallet.role_key(Role(name))
    if name.startswith("key_"):
        return parse_public_key(name)
    kind, *rest = name.split("/")
    try:
        if kind == "receive" and len(rest) == 1:
            return wallet.receive_key(int(rest[0]))
        if kind == "meter" and len(rest) == 2:  # noqa: PLR2004 - number and begin.
            return wallet.measurement_keys(int(rest[0]), [parse_time(rest[1])])[0]
    except ValueError as error:
        raise ValueError(f"--sign: {name!r}: {error}") from error
    raise ValueError(f"--sign: {name!r} names no key: give {FORMS}")


def _row(name: str, key: PublicKey) -> dict[str, str]:
    """Return a key as a row."""
    return {"name": name, "key": format_public_key(key)}
