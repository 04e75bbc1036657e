"""
Read a CSV file so that whatever is wrong with it can be named by row, column and value.

A person fixes the file, so an error says where to look: rows are counted as an editor counts
lines, with the header as row 1.
"""

import csv
import io
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import Path

FILE_BYTES_MAX = 64 * 2**20

_SHOWN_MAX = 60


class BadProfile(ValueError):
    """A file of meters or profiles cannot be used as it stands."""

    def __init__(
        self,
        reason: str,
        *,
        file: str,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        self.reason, self.file, self.row, self.column, self.value = reason, file, row, column, value
        where = [file]
        if row is not None:
            where.append(f"row {row}")
        if column is not None:
            where.append(f"column {_shorten(column)}")
        if value is not None:
            where.append(f"value {_shorten(value)}")
        super().__init__(f"{', '.join(where)}: {reason}")


@dataclass(frozen=True, slots=True)
class Row:
    """One line below the header."""

    file: str
    """Name of the file it comes from."""
    number: int
    """Line of the file on which it ends; the header is line 1."""
    cells: dict[str, str]
    """Text by column."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file's cells as text."""

    file: str
    """Name of the file."""
    header: tuple[str, ...]
    """Names of the columns, all different."""
    rows: tuple[Row, ...]
    """At least one."""


def fault(row: Row, column: str, reason: str) -> BadProfile:
    """Say what is wrong with one cell."""
    return BadProfile(reason, file=row.file, row=row.number, column=column, value=row.cells[column])


def read_sheet(folder: Path | Traversable, file: str, *, rows_max: int) -> Sheet:
    """Read a CSV file whose rows are all as long as its header, or raise `BadProfile`."""
    reader = csv.reader(io.StringIO(_read_text(folder, file), newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = tuple(next(reader, ()))
        _check_header(file, header)
        for cells in reader:
            if len(cells) != len(header):
                reason = f"{len(cells)} cells below a header of {len(header)}"
                raise BadProfile(reason, file=file, row=reader.line_num)
            if len(rows) == rows_max:
                raise BadProfile(f"more than {rows_max} rows", file=file, row=reader.line_num)
            rows.append(Row(file, reader.line_num, dict(zip(header, cells, strict=True))))
    except csv.Error as error:
        raise BadProfile(f"not CSV: {error}", file=file, row=reader.line_num) from error
    if not rows:
        raise BadProfile("nothing below the header", file=file)
    return Sheet(file=file, header=header, rows=tuple(rows))


def _read_text(folder: Path | Traversable, file: str) -> str:
    """Read a UTF-8 file of bounded size."""
    try:
        with (folder / file).open("rb") as stream:
            content = stream.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError as error:
        raise BadProfile("there is no such file", file=_path(folder, file)) from error
    except OSError as error:
        raise BadProfile(f"cannot be read: {error.strerror}", file=_path(folder, file)) from error
    if len(content) > FILE_BYTES_MAX:
        raise BadProfile(f"larger than {FILE_BYTES_MAX} bytes", file=file)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        value = f"byte 0x{content[error.start]:02x}"
        raise BadProfile("not UTF-8", file=file, row=row, value=value) from error


def _path(folder: Path | Traversable, file: str) -> str:
    """Return where a file is looked for, in full."""
    return str((folder / file).absolute()) if isinstance(folder, Path) else file


def _check_header(file: str, header: tuple[str, ...]) -> None:
    """Refuse a header that is absent or names a column twice."""
    if not header:
        raise BadProfile("the header is missing", file=file)
    seen: set[str] = set()
    for name in header:
        if name in seen:
            raise BadProfile("this column occurs twice", file=file, row=1, column=name)
        seen.add(name)


def _shorten(text: str) -> str:
    """Quote a text for one line of an error message."""
    return repr(text) if len(text) <= _SHOWN_MAX else f"{text[:_SHOWN_MAX]!r}…"
