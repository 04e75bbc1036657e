"""Records that a subcommand of its own reads from JSON or a file, and files that it writes."""

import json
from pathlib import Path
from typing import Any

from tallystick.base.encoding import Malformed
from tallystick.base.plain import from_plain

from .texts import KeyText, read_text
from .wording import in_words


def read_record(text: str, kind: type[Any], place: str, key_text: KeyText) -> Any:
    """
    Read a record as JSON or as `@` and the name of a file, its keys perhaps by name.

    It is read as the option of a contract's command would read it. Raises `Malformed`, which names
    the option.
    """
    try:
        return from_plain(read_text(text, kind, place, key_text), kind)
    except Malformed as error:
        where = error.field.replace(kind.__name__, place, 1)
        raise Malformed(where, in_words(error.problem)) from error


def write_json(output: Path, plain: Any) -> None:
    """Write plain values to a new file, as an option that takes `@FILE` reads them."""
    text = json.dumps(plain, indent=2, ensure_ascii=False) + "\n"
    write_new(output, text.encode())


def write_new(output: Path, data: bytes) -> None:
    """
    Write a file that is not there yet.

    What is there may be a ledger's own key, or the list that was just read, so nothing is ever
    written over. Raises `OSError`, which names the option.
    """
    try:
        with output.open("xb") as file:
            file.write(data)
    except FileExistsError:
        raise FileExistsError(
            f"--output: {output} is there already: give another name, or remove it first"
        ) from None
    except FileNotFoundError:
        raise FileNotFoundError(
            f"--output: there is no folder {output.parent}: make it first"
        ) from None
    except OSError as error:
        raise OSError(f"--output: {output} cannot be written: {error.strerror}") from error
