"""`tally keys`: the keys of a ledger's wallet, and the names by which commands refer to them."""

import re
from pathlib import Path
from secrets import token_bytes

import click

from tallystick.base.derivation import GAP_MAX
from tallystick.base.identifiers import (
    PublicKey,
    format_public_key,
    parse_public_key,
    parse_record_id,
)
from tallystick.base.intervals import format_time, parse_time
from tallystick.client.wallet import PERSON_KEYS_KNOWN, Wallet
from tallystick.contracts.allowance.model import SALT_BYTES, commitment
from tallystick.contracts.identity.model import Role

from .output import show
from .places import wallet_of, with_ledger
from .strict import Strict

KEYS_AT_ONCE = 1_024
NAME_CHARACTERS_MAX = 80
ROLE_NAMES = tuple(role.value for role in Role)
NUMBER = r"(?P<number>0|[1-9][0-9]{0,18})"
RECEIVE_NAME = re.compile(f"receive/{NUMBER}")
PERSON_NAME = re.compile(f"person/{NUMBER}")
METER_NAME = re.compile(f"meter/{NUMBER}/(?P<begin>[^/]*)")
FORMS = "a role such as publisher, receive/N, person/N, meter/N/BEGIN, or key_ and 66 digits"


@click.group("keys")
def keys() -> None:
    """Show and make the keys of a ledger's wallet. Secrets are never shown."""


@keys.command("list", cls=Strict)
@with_ledger
def list_(ledger: Path, *, as_json: bool) -> None:
    """Show the names and public keys that `--sign` understands."""
    wallet = wallet_of(ledger)
    rows = [_row(role.value, wallet.role_key(role)) for role in Role]
    rows += [_row(f"receive/{n}", wallet.receive_key(n)) for n in range(wallet.received)]
    show({"keys": rows} if as_json else rows, as_json=as_json)


@keys.command("new", cls=Strict)
@with_ledger
def new(ledger: Path, *, as_json: bool) -> None:
    """Make a key to receive with that was never given out before."""
    wallet = wallet_of(ledger)
    key = wallet.next_receive_key()
    show(_row(f"receive/{wallet.received - 1}", key), as_json=as_json)


@keys.command("meter", cls=Strict)
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


@keys.command("show", cls=Strict)
@click.argument("name")
@with_ledger
def show_(name: str, ledger: Path, *, as_json: bool) -> None:
    """Show the public key that a NAME stands for, such as meter/0/2026-01-01T00:00:00Z."""
    wallet = wallet_of(ledger)
    show(_row(name, named_key(wallet, name, where="NAME")), as_json=as_json)


@keys.command("commitment", cls=Strict)
@click.option("--holder", required=True, help="The holder's id, as register-holder gave it.")
@click.option("--key", "name", required=True, help="The account's key, or its name.")
@click.option("--salt", help="64 hexadecimal digits; drawn afresh if it is left out.")
@with_ledger
def commitment_(holder: str, name: str, salt: str | None, ledger: Path, *, as_json: bool) -> None:
    """
    Compute the `--commitment` with which an account for allowances is opened.

    It ties the account to its holder for those who know the salt, so keep the salt: nobody can find
    it again.
    """
    drawn = token_bytes(SALT_BYTES) if salt is None else _salt(salt)
    key = named_key(wallet_of(ledger), name, where="--key")
    found = commitment(holder=parse_record_id(holder), key=key, salt=drawn)
    show(
        {"commitment": found.hex(), "salt": drawn.hex(), "key": format_public_key(key)},
        as_json=as_json,
    )


def _salt(text: str) -> bytes:
    """Read a salt in hexadecimal."""
    if not re.fullmatch(f"[0-9a-f]{{{2 * SALT_BYTES}}}", text):
        raise ValueError(f"--salt: {2 * SALT_BYTES} digits 0-9 and a-f are needed")
    return bytes.fromhex(text)


def is_name(text: str) -> bool:
    """Tell whether a text has the form of a key's name, rather than of the key itself."""
    return text in ROLE_NAMES or text.startswith(("receive/", "person/", "meter/"))


def named_key(wallet: Wallet, name: str, *, where: str = "") -> PublicKey:
    """Return the public key that a name stands for, or raise ValueError that says where it was."""
    try:
        return _named_key(wallet, name)
    except ValueError as error:
        raise ValueError(f"{where}: {error}" if where else str(error)) from error


def _named_key(wallet: Wallet, name: str) -> PublicKey:
    """Return the public key that a name stands for, or raise ValueError."""
    if name in ROLE_NAMES:
        return wallet.role_key(Role(name))
    if name.startswith("key_"):
        return parse_public_key(name)
    if found := RECEIVE_NAME.fullmatch(name):
        return _receive_key(wallet, found["number"])
    if found := PERSON_NAME.fullmatch(name):
        return _person_key(wallet, found["number"])
    if found := METER_NAME.fullmatch(name):
        try:
            return _meter_key(wallet, int(found["number"]), parse_time(found["begin"]))
        except ValueError as error:
            raise ValueError(f"{name[:NAME_CHARACTERS_MAX]!r}: {error}") from error
    raise ValueError(unknown_name(name))


def _receive_key(wallet: Wallet, number: str) -> PublicKey:
    """
    Return a key to receive with that was given out, or raise ValueError.

    Nobody finds what is sent to another: recovery stops where too many in a row are unused.
    """
    if int(number) >= wallet.received:
        raise ValueError(f"receive/{number} was not given out yet; make it with `tally keys new`")
    return wallet.receive_key(int(number))


def _person_key(wallet: Wallet, number: str) -> PublicKey:
    """Return one of the person's keys among which the wallet looks, or raise ValueError."""
    if int(number) >= PERSON_KEYS_KNOWN:
        raise ValueError(
            f"there are person/0 to person/{PERSON_KEYS_KNOWN - 1}, no person/{number}"
        )
    return wallet.person_key(int(number))


def _meter_key(wallet: Wallet, number: int, begin: int) -> PublicKey:
    """Return the key of an interval in a meter's recorded period, or raise ValueError."""
    for period in wallet.meters:
        begins = range(period.begin, period.end, period.interval_seconds)
        if period.meter == number and begin in begins:
            return wallet.measurement_keys(number, [begin])[0]
    raise ValueError(
        f"no recorded period of meter {number} has an interval that begins then; record a period "
        f"with `tally keys meter {number} --begin TIME`, or name the begin of one of its intervals"
    )


def name_of(wallet: Wallet, key: PublicKey) -> str | None:
    """Return the name of a key, if it is one of the wallet's."""
    for role in Role:
        if wallet.role_key(role) == key:
            return role.value
    for n in range(wallet.received + GAP_MAX):  # Some were given out by number once, out of turn.
        if wallet.receive_key(n) == key:
            return f"receive/{n}"
    for n in range(PERSON_KEYS_KNOWN):
        if wallet.person_key(n) == key:
            return f"person/{n}"
    for period in wallet.meters:
        begins = range(period.begin, period.end, period.interval_seconds)
        for first in range(0, len(begins), KEYS_AT_ONCE):
            some = begins[first : first + KEYS_AT_ONCE]
            keys = wallet.measurement_keys(period.meter, some)
            if key in keys:
                return f"meter/{period.meter}/{format_time(some[keys.index(key)])}"
    return None


def unknown_name(name: str) -> str:
    """Return what to say of something that is neither a key nor a key's name."""
    return f"{name[:NAME_CHARACTERS_MAX]!r} names no key: give {FORMS}"


def _row(name: str, key: PublicKey) -> dict[str, str]:
    """Return a key as a row."""
    return {"name": name, "key": format_public_key(key)}
