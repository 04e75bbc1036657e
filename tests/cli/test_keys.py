"""Keys by name; secrets never."""

from pathlib import Path

import pytest

from tallystick import compose
from tallystick.base.identifiers import format_public_key, parse_public_key, parse_record_id
from tallystick.cli.keys import name_of, named_key
from tallystick.contracts.allowance.model import commitment
from tallystick.contracts.identity.model import Role
from tests.cli.shell import Shell

DAY = 1_767_225_600
KEY = "key_02" + "79be667ef9dcbbac55a06295ce870b07029bfcdb2dce28d959f2815b16f81798"


def test_keys_are_listed_and_made(shell: Shell) -> None:
    """Roles are there from the start, receiving keys as they are given out."""
    first = shell.on_ledger("keys", "new").json
    names = [each["name"] for each in shell.on_ledger("keys", "list").json["keys"]]
    assert names == [*(role.value for role in Role), "receive/0"]
    assert first == {"name": "receive/0", "key": shell.key("receive/0")}


def test_a_meter_gets_an_extended_public_key(shell: Shell) -> None:
    """Its period is recorded, and what is shown derives public keys only."""
    said = shell.on_ledger(
        "keys", "meter", "3", "--begin", "2026-01-01T00:00:00Z", "--end", "2026-01-02T00:00:00Z"
    ).json
    assert said["name"] == "meter/3"
    assert said["extended_public_key"].startswith("xpub")


def test_names_stand_for_keys(shell: Shell) -> None:
    """Every form that --sign understands leads to a key of the wallet."""
    with compose.open_ledger(shell.ledger) as ledger:
        wallet = compose.open_wallet(shell.ledger, ledger.id)
        text = format_public_key(wallet.next_receive_key())
        for meter in (3, 4):
            wallet.record_meter(meter, begin=DAY, end=DAY + 86_400, interval_seconds=900)
        assert named_key(wallet, "receive/0") == named_key(wallet, text)
        begin = "2026-01-01T00:00:00Z"
        assert named_key(wallet, f"meter/3/{begin}") != named_key(wallet, f"meter/4/{begin}")
        for name in ("", "nobody", "receive/x", "receive/-1", "receive/00", "receive/ 0", "meter/3",
                     "meter/3/today", "key_00"):  # fmt: skip
            with pytest.raises(ValueError, match=r"."):
                named_key(wallet, name)


@pytest.mark.parametrize("number", ["1", "77", "2147483648", "99999999999999"])
def test_a_key_that_was_not_given_out_takes_nothing(shell: Shell, number: str) -> None:
    """By a mistyped number something would go where the wallet never looks."""
    shell.on_ledger("keys", "new")
    problem = f"receive/{number} was not given out yet; make it with `tally keys new`\n"
    identity = "id_" + "00" * 32
    for arguments, where in (
        (["keys", "show", f"receive/{number}"], "NAME"),
        (["certificate", "transfer", "--certificate", identity, "--owner", f"receive/{number}",
          "--sign", "receive/0"], "--owner"),
        (["title", "transfer", "--title", identity, "--target", f"receive/{number}",
          "--sign", "receive/0"], "--target"),
        (["certificate", "split", "--certificate", identity, "--part", f"5:receive/{number}",
          "--sign", "receive/0"], "--part[0].owner"),
        (["title", "transfer", "--title", identity, "--target", "receive/0",
          "--sign", f"receive/{number}"], "--sign"),
    ):  # fmt: skip
        said = shell.refused(*arguments)
        assert (2, f"tally: {where}: {problem}") == (said.code, said.err)


@pytest.mark.parametrize(
    "name",
    [
        "meter/7/2026-01-01T00:00:00Z",
        "meter/3/2026-01-02T00:00:00Z",
        "meter/3/2026-01-01T00:07:00Z",
    ],
)
def test_a_meter_has_keys_in_its_recorded_period(shell: Shell, name: str) -> None:
    """Of no other would the wallet find what is published for it."""
    begin, end = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
    shell.on_ledger("keys", "meter", "3", "--begin", begin, "--end", end)
    shell.on_ledger("keys", "show", f"meter/3/{begin}")
    said = shell.refused("keys", "show", name)
    number = name.split("/")[1]
    assert said.code == 2
    assert f"no recorded period of meter {number} has an interval that begins then" in said.err
    assert f"record a period with `tally keys meter {number} --begin TIME`" in said.err


def test_a_person_has_as_many_keys_as_the_wallet_looks_among(shell: Shell) -> None:
    """The wallet would not find another when it is to sign."""
    assert {"person/15"} == {shell.on_ledger("keys", "show", "person/15").json["name"]}
    said = shell.refused("keys", "show", "person/16")
    expected = "tally: NAME: there are person/0 to person/15, no person/16\n"
    assert (2, expected) == (said.code, said.err)


def test_a_key_that_was_given_out_of_turn_once_is_named(shell: Shell) -> None:
    """Whoever used a number by mistake learns from the advice which it was."""
    with compose.open_ledger(shell.ledger) as ledger:
        wallet = compose.open_wallet(shell.ledger, ledger.id)
        assert "receive/77" == name_of(wallet, wallet.receive_key(77))


def test_who_names_no_key_learns_where_and_what_would(shell: Shell) -> None:
    """The argument or option is named, and the forms that a name has."""
    forms = "names no key: give a role such as publisher, receive/N, person/N, meter/N/BEGIN, or"
    for arguments, where in (
        (["keys", "show", "anna"], "NAME"),
        (["asset", "show-balance", "--unit", "id_" + "00" * 32, "--owner", "anna"], "--owner"),
        (
            ["identity", "enrol", "--key", KEY, "--scope", "*", "--sign", "anna"],
            "--sign",
        ),
    ):
        said = shell.refused(*arguments)
        assert (2, True) == (said.code, said.err.startswith(f"tally: {where}: 'anna' {forms}"))


def test_every_key_of_the_wallet_has_a_name(shell: Shell) -> None:
    """Names lead to keys, and keys back to names; a stranger's key has none."""
    shell.on_ledger("keys", "new")
    begin, end = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z"
    shell.on_ledger("keys", "meter", "3", "--begin", begin, "--end", end)
    with compose.open_ledger(shell.ledger) as ledger:
        wallet = compose.open_wallet(shell.ledger, ledger.id)
        for name in ("registrar", "receive/0", f"meter/3/{begin}", "meter/3/2026-01-01T23:45:00Z"):
            assert name == name_of(wallet, named_key(wallet, name))
        assert name_of(wallet, parse_public_key(KEY)) is None


def test_a_commitment_is_computed(shell: Shell) -> None:
    """The salt is drawn, or given; with the same one it is the same."""
    holder = "id_" + "07" * 32
    asked = ["keys", "commitment", "--holder", holder, "--key", "registrar"]
    drawn = shell.on_ledger(*asked).json
    again = shell.on_ledger(*asked, "--salt", drawn["salt"]).json
    expected = commitment(
        holder=parse_record_id(holder),
        key=parse_public_key(shell.key("registrar")),
        salt=bytes.fromhex(drawn["salt"]),
    )
    assert (drawn, expected.hex()) == (again, drawn["commitment"])
    assert drawn["salt"] != shell.on_ledger(*asked).json["salt"]
    said = shell.refused(*asked, "--salt", "xyz")
    assert (2, "tally: --salt: 64 digits 0-9 and a-f are needed\n") == (said.code, said.err)


def test_a_wrong_passphrase_is_said(
    tmp_path: Path, shell: Shell, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a passphrase of one's own nobody else opens the ledger's secrets."""
    place = str(tmp_path / "mine")
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "horse")
    assert shell.tally("init", place).code == 0
    monkeypatch.setenv("TALLYSTICK_PASSPHRASE", "cow")
    said = shell.tally("keys", "list", "--ledger", place)
    assert (said.code, said.out, "passphrase" in said.err) == (2, "", True)
