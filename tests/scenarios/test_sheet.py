"""A CSV file is read whole or refused with the place that is wrong."""

from pathlib import Path

import pytest

from tallystick.scenarios import sheet
from tallystick.scenarios.sheet import BadProfile, Row, Sheet, fault, read_sheet

BAD_FILES = [
    (b"", "x.csv: the header is missing"),
    (b"\n1\n", "x.csv: the header is missing"),
    (b"a,b\n", "x.csv: nothing below the header"),
    (b"a,b,a\n1,2,3\n", "x.csv, row 1, column 'a': this column occurs twice"),
    (b"a,b\n1,2\n3\n", "x.csv, row 3: 1 cells below a header of 2"),
    (b"a,b\n1,2,3\n", "x.csv, row 2: 3 cells below a header of 2"),
    (b"a,b\n1,2\n\n", "x.csv, row 3: 0 cells below a header of 2"),
    (b"a,b\n1,2\n1,2\n1,2\n1,2\n", "x.csv, row 5: more than 3 rows"),
    (b'a,b\n1,"2\n', "x.csv, row 2: not CSV: unexpected end of data"),
    (b'a,b\n1,"2"3\n', "x.csv, row 2: not CSV: ',' expected after '\"'"),
    (b"a,b\n1,\xe9\n", "x.csv, row 2, value 'byte 0xe9': not UTF-8"),
    (b"\xff\xfea\x00", "x.csv, row 1, value 'byte 0xff': not UTF-8"),
]


def test_read_sheet(tmp_path: Path) -> None:
    """Cells are texts by column, and rows know their line."""
    (tmp_path / "x.csv").write_bytes(b'a,b\r\n1,"two\nlines"\r\n3,\xc3\xa9\r\n')
    expected = Sheet(
        "x.csv",
        ("a", "b"),
        (Row("x.csv", 3, {"a": "1", "b": "two\nlines"}), Row("x.csv", 4, {"a": "3", "b": "é"})),
    )
    assert expected == read_sheet(tmp_path, "x.csv", rows_max=2)


@pytest.mark.parametrize(("content", "message"), BAD_FILES)
def test_bad_files(tmp_path: Path, content: bytes, message: str) -> None:
    """Each kind of damage has one message."""
    (tmp_path / "x.csv").write_bytes(content)
    with pytest.raises(BadProfile) as caught:
        read_sheet(tmp_path, "x.csv", rows_max=3)
    assert message == str(caught.value)


def test_no_file(tmp_path: Path) -> None:
    """A file that is not there is named in full, so that nobody looks in another folder."""
    with pytest.raises(BadProfile) as caught:
        read_sheet(tmp_path, "x.csv", rows_max=3)
    assert f"{tmp_path / 'x.csv'}: there is no such file" == str(caught.value)


def test_no_file_but_a_folder(tmp_path: Path) -> None:
    """What is there and cannot be read says why."""
    (tmp_path / "x.csv").mkdir()
    with pytest.raises(BadProfile) as caught:
        read_sheet(tmp_path, "x.csv", rows_max=3)
    assert f"{tmp_path / 'x.csv'}: cannot be read: Is a directory" == str(caught.value)


def test_huge_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file beyond the limit is refused without being parsed."""
    monkeypatch.setattr(sheet, "FILE_BYTES_MAX", 4)
    (tmp_path / "x.csv").write_bytes(b"a,b\n1")
    with pytest.raises(BadProfile) as caught:
        read_sheet(tmp_path, "x.csv", rows_max=3)
    assert "x.csv: larger than 4 bytes" == str(caught.value)


def test_fault_names_everything() -> None:
    """A program can read the place from the error, and a person reads a short line."""
    error = fault(Row("x.csv", 7, {"a": "9" * 1000}), "a", "too big")
    assert ("x.csv", 7, "a", "9" * 1000) == (error.file, error.row, error.column, error.value)
    assert f"x.csv, row 7, column 'a', value '{'9' * 60}'…: too big" == str(error)
