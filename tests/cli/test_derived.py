"""Every command and view of every contract has its subcommand."""

from functools import partial
from typing import Any

import click
import pytest
from click.testing import CliRunner

from tallystick.base.encoding import Malformed, Record
from tallystick.base.identifiers import format_public_key
from tallystick.cli.derived import Face, OnDemand, contract_group, subcommand_name
from tallystick.compose import CONTRACTS
from tallystick.contracts.certificate.commands import Correct
from tallystick.contracts.certificate.views import ShowHistory
from tallystick.contracts.identity.commands import Appoint, Enrol, RotateKey
from tallystick.contracts.identity.views import FindIdentity
from tallystick.core.contract import Contract
from tallystick.core.holding import SHARED_COMMANDS
from tests.core.toy import TOY, Make, ShowToken

IDENTITY = next(each for each in CONTRACTS if each.name == "identity")
KEY = "key_02" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"


class Kept:
    """Remembers what it was run with."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, Record, dict[str, Any]]] = []

    def face(self, label: str, *options: click.Parameter) -> Face:
        """Return a face that notes under a label what it is run with, and knows one key by name."""
        return Face(
            lambda record, given: self.runs.append((label, record, given)),
            options,
            lambda _given: lambda text: KEY if text == "mine" else text,
        )

    def group(self, contract: Contract) -> click.Group:
        """Return a contract's group with noting faces."""
        who = click.Option(["--sign", "signers"], multiple=True)
        return contract_group(contract, send=self.face("send", who), ask=self.face("ask"))


def test_a_subcommand_is_made_when_it_is_asked_for() -> None:
    """Once; and others can be put beside it, as into any group."""
    made: list[str] = []

    def make(name: str) -> click.Command:
        made.append(name)
        return click.Command(name)

    commands = OnDemand({name: partial(make, name) for name in ("make", "break")})
    assert (["make", "break"], 2, []) == (list(commands), len(commands), made)
    assert commands["break"] is commands["break"]
    assert ["break"] == made
    commands["mend"] = click.Command("mend")
    del commands["make"]
    assert ["break", "mend"] == [each.name for each in commands.values()]
    assert ["break"] == made


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.name)
def test_every_command_and_view_has_a_subcommand(contract: Contract) -> None:
    """But for those that only a contract may call."""
    kinds = [kind for kind in (*contract.commands, *contract.views) if kind not in SHARED_COMMANDS]
    group = Kept().group(contract)
    assert {subcommand_name(kind) for kind in kinds} == set(group.commands)
    assert len(kinds) == len(group.commands)
    for kind in kinds:
        assert group.commands[subcommand_name(kind)].help
    for kind in SHARED_COMMANDS:
        assert subcommand_name(kind) not in group.commands


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Correct, "correct"),
        (RotateKey, "rotate-key"),
        (ShowHistory, "show-history"),
        (FindIdentity, "find"),
        (Make, "make"),
        (ShowToken, "show"),
    ],
)
def test_a_subcommand_is_named_by_its_tag(kind: type[Record], name: str) -> None:
    """Without the contract, which is the group's name."""
    assert name == subcommand_name(kind)


def test_the_help_is_the_first_line_of_the_docstring() -> None:
    """What the record is for, in one line."""
    group = Kept().group(IDENTITY)
    assert "Give an identity a role in a scope for a period." == group.commands["appoint"].help
    assert "Commands and views of the contract identity, version 1." == group.help


def test_commands_are_sent_and_questions_asked() -> None:
    """With the record that the options build, and what the face's own options were given."""
    kept = Kept()
    group = kept.group(TOY)
    runner = CliRunner()
    for arguments in (
        ["make", "--amount", "5", "--sign", "me", "--sign", "you"],
        ["show", "--token", "id_" + "07" * 32],
    ):
        runner.invoke(group, arguments, catch_exceptions=False)
    assert [
        ("send", Make(amount=5), {"signers": ("me", "you")}),
        ("ask", ShowToken(token=b"\7" * 32), {}),  # type: ignore[arg-type]  # Equal all the same.
    ] == kept.runs


def test_keys_may_be_named() -> None:
    """What the face knows by name becomes the key's text before the record is built."""
    kept = Kept()
    arguments = ["enrol", "--key", "mine", "--scope", "*"]
    CliRunner().invoke(kept.group(IDENTITY), arguments, catch_exceptions=False)
    ((_, command, _),) = kept.runs
    assert isinstance(command, Enrol)
    assert KEY == format_public_key(command.key)


def test_a_value_that_is_wrong_never_gets_as_far() -> None:
    """The record is built before anything is done with it."""
    kept = Kept()
    arguments = ["enrol", "--key", KEY[:-1], "--scope", "*"]
    with pytest.raises(Malformed, match=r"--key: public key"):
        CliRunner().invoke(kept.group(IDENTITY), arguments, catch_exceptions=False)
    assert [] == kept.runs


def test_values_are_read_as_people_write_them() -> None:
    """Times, keys and roles are texts on the command line."""
    kept = Kept()
    arguments = [
        "appoint", "--identity", "id_" + "07" * 32, "--role", "publisher", "--scope", "village",
        "--begin", "1970-01-01T00:00:01.500Z", "--end", "1970-01-01T00:00:02.000Z",
    ]  # fmt: skip
    CliRunner().invoke(kept.group(IDENTITY), arguments, catch_exceptions=False)
    ((_, command, _),) = kept.runs
    assert isinstance(command, Appoint)
    assert (1_500, 2_000, "publisher") == (command.begin, command.end, command.role.value)
