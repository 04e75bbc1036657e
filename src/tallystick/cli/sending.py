"""Sending a contract's command and asking a contract's view, for the derived subcommands."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import click

from tallystick import compose
from tallystick.base.encoding import Record
from tallystick.base.identifiers import format_public_key
from tallystick.base.plain import to_plain
from tallystick.client.ledger import TransactionRejected

from .advice import advice
from .derived import Face
from .errors import CheckFailed, describe
from .keys import is_name, named_key, unknown_name
from .output import show
from .places import existing, json_option, ledger_option, wallet_of
from .readable import readable
from .texts import KeyText

KEY_PREFIX = "key_"


def send(command: Record, given: dict[str, Any]) -> None:
    """Sign a command with keys of the wallet, wait until it is durable, and show what it did."""
    path: Path = given["ledger"]
    if not given["signers"]:
        raise click.UsageError(
            "--sign: somebody has to sign; name a key that `tally keys list` shows"
        )
    with existing(path) as ledger:
        wallet = compose.open_wallet(path, ledger.id)
        keys = [named_key(wallet, name, where="--sign") for name in given["signers"]]
        try:
            receipt = ledger.send(command, wallet=wallet, keys=keys)
        except TransactionRejected as rejected:
            if also := advice(rejected, ledger, wallet, keys):
                how = ":" if "; sign " in rejected.message else ";"
                raise CheckFailed(f"{describe(rejected)}{how} give {also}") from rejected
            raise
        events = ledger.events(receipt)
    plain = to_plain(receipt)
    if given["as_json"]:
        show({**plain, "events": [_named(event, to_plain) for event in events]}, as_json=True)
        return
    show({name: plain[name] for name in ("transaction", "height", "time")}, as_json=False)
    for event in events:
        click.echo()
        show(_named(event, readable), as_json=False)


def ask(question: Record, given: dict[str, Any]) -> None:
    """Ask a view and show the answer."""
    with existing(given["ledger"]) as ledger:
        answer = ledger.ask(question)
    show(answer, as_json=given["as_json"])


def key_text(given: Mapping[str, Any]) -> KeyText:
    """Return what turns a key's name into the key's text; the wallet is opened if it is needed."""
    wallet = cache(lambda: wallet_of(given["ledger"]))

    def text_of(name: str) -> str:
        if is_name(name):
            return format_public_key(named_key(wallet(), name))
        if name.startswith(KEY_PREFIX):
            return name
        raise ValueError(unknown_name(name))

    return text_of


def _named(event: Record, form: Callable[[Record], dict[str, Any]]) -> dict[str, Any]:
    """Return what a transaction did; this is where people learn the ids of what it made."""
    return {"event": str(event.__struct_config__.tag), **form(event)}


SIGN = click.Option(
    ["--sign", "signers"],
    multiple=True,
    metavar="KEY",
    help="Who signs, by a name that `tally keys list` shows; may be given several times.",
)
SEND = Face(send, (SIGN, ledger_option(), json_option()), key_text)
ASK = Face(ask, (ledger_option(), json_option()), key_text)
