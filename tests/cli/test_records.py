"""Records are read from JSON and files as options read them, and files are written so."""

from pathlib import Path

import pytest

from tallystick.base.encoding import Malformed
from tallystick.base.identifiers import RecordId, format_public_key
from tallystick.base.plain import to_plain
from tallystick.cli.records import read_record, write_json, write_new
from tallystick.contracts.asset.commands import Transfer
from tallystick.testing.keys import key

UNIT = RecordId(bytes(31) + b"\x07")
COMMAND = Transfer(UNIT, key(1), key(2), 5)


def test_what_was_written_is_read(tmp_path: Path) -> None:
    """A file holds what `@` and its name stand for."""
    file = tmp_path / "command.json"
    write_json(file, to_plain(COMMAND))
    assert COMMAND == read_record(f"@{file}", Transfer, "--command", str)
    assert COMMAND == read_record(file.read_text(), Transfer, "--command", str)


def test_keys_may_stand_by_name(tmp_path: Path) -> None:
    """As everywhere else."""
    file = tmp_path / "command.json"
    write_json(file, {**to_plain(COMMAND), "source": "anna"})
    names = {"anna": format_public_key(key(1)), format_public_key(key(2)): None}
    found = read_record(f"@{file}", Transfer, "--command", lambda name: names.get(name) or name)
    assert COMMAND == found


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{}", "--command.unit: missing"),
        ("@/no/such/file", "--command: there is no file /no/such/file"),
        ("[]", "--command: expected unit:source:target:amount, found 1 of 4 fields"),
    ],
)
def test_what_cannot_be_read_names_the_option(text: str, says: str) -> None:
    """And the field in it."""
    with pytest.raises(Malformed) as caught:
        read_record(text, Transfer, "--command", str)
    assert says == str(caught.value)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    """Not even through a link: what is there may be a ledger's key."""
    kept, link = tmp_path / "kept", tmp_path / "link"
    kept.write_text("mine", encoding="utf-8")
    link.symlink_to(kept)
    for output in (kept, link, tmp_path):
        with pytest.raises(FileExistsError, match="is there already"):
            write_new(output, b"yours")
    with pytest.raises(FileNotFoundError, match="--output: there is no folder"):
        write_new(tmp_path / "none" / "file", b"yours")
    assert "mine" == kept.read_text(encoding="utf-8")
