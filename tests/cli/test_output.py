"""What people see, and what programs read."""

import json
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from tallystick.cli import output
from tallystick.cli.output import complain, print_json, progress_bar, show

PLAIN = {
    "certificate": "id_01",
    "amount_wh": 600,
    "unclaimed": False,
    "lock": None,
    "parts": [],
    "next": {"action": "SPLIT", "addresses": ["id_02", "id_03"]},
    "settlement": [{"certificate": "id_04", "amount_wh": 5}],
}


@pytest.fixture
def printed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> pytest.CaptureFixture[str]:
    """Give people a console that is wide, plain and the same everywhere."""
    monkeypatch.setattr(output, "people", Console(color_system=None))
    monkeypatch.setenv("COLUMNS", "80")
    return capsys


def shown(printed: pytest.CaptureFixture[str], plain: Any, **how: Any) -> list[str]:
    """Return the lines that are printed for people, without the blanks at their ends."""
    show(plain, as_json=False, **how)
    return [line.rstrip() for line in printed.readouterr().out.splitlines()]


def test_an_object_is_names_and_values(printed: pytest.CaptureFixture[str]) -> None:
    """Nothing is a dash, truth a word, and what lies within stands beside its name."""
    expected = [
        "certificate  id_01",
        "amount wh    600",
        "unclaimed    false",
        "lock         –",
        "parts        –",
        "next         action     SPLIT",
        "             addresses  id_02",
        "                        id_03",
        "settlement   certificate  amount wh",
        "             id_04        5",
    ]
    assert expected == shown(printed, PLAIN)


def test_a_list_of_objects_is_a_table(printed: pytest.CaptureFixture[str]) -> None:
    """Each field is a column, each object a row, below an optional title."""
    rows = [{"name": "a", "amount_wh": 1}, {"name": "b", "amount_wh": None}]
    lines = shown(printed, rows, title="Two of them")
    assert [["Two", "of", "them"], ["name", "amount", "wh"], ["a", "1"], ["b", "–"]] == [
        line.split() for line in lines
    ]


@pytest.mark.parametrize(
    ("plain", "expected"),
    [
        ([], ["nothing"]),
        (["x", "y"], ["x", "y"]),
        ([{"a": 1}, {"b": 2}], ["a  b", "1  –", "–  2"]),
        ("text", ["text"]),
        (5, ["5"]),
        (True, ["true"]),
        (None, ["–"]),
    ],
)
def test_simple_values(
    printed: pytest.CaptureFixture[str], plain: object, expected: list[str]
) -> None:
    """A value is printed as it is; an empty list says so."""
    assert expected == shown(printed, plain)


@pytest.mark.parametrize(
    ("hostile", "expected"),
    [
        ("[/]", "[/]"),
        ("[bold red]x[/bold red]", "[bold red]x[/bold red]"),
        (":smile:", ":smile:"),
        ("\x1b[31mred", "?[31mred"),
        ("\x9b2J", "?2J"),
        ("a\nb\rc", "a?b?c"),
        ("\u202egnp", "?gnp"),
    ],
)
def test_what_others_wrote_cannot_steer_the_terminal(
    printed: pytest.CaptureFixture[str], hostile: str, expected: str
) -> None:
    """Texts from the ledger are shown as they are: no markup, no escapes, no extra lines."""
    assert [f"reason  {expected}"] == shown(printed, {"reason": hostile})
    assert ["reason", expected] == shown(printed, [{"reason": hostile}])
    assert [expected] == shown(printed, hostile)
    complain(hostile)
    assert "\x1b" not in printed.readouterr().err


def test_programs_get_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing else is on standard output, and it reads back as what was shown."""
    show(PLAIN, as_json=True, title="not printed")
    found = capsys.readouterr()
    assert PLAIN == json.loads(found.out)
    assert "" == found.err
    print_json({"name": "Ærø"})
    assert "Ærø" in capsys.readouterr().out


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=6,
)


@given(VALUES)
def test_any_plain_value_can_be_shown(plain: object) -> None:
    """Whatever is asked, the answer is printed."""
    with redirect_stdout(StringIO()) as out:
        show(plain, as_json=False)
    assert out.getvalue().endswith("\n")


ID = f"id_{'0123456789abcdef' * 4}"
WIDE = {
    "ballot": ID,
    "terms": {"shares": [{"first": ID, "second_commitment": ID}] * 2, "days": 15},
    "empty": [{}, {}],
}


@pytest.mark.parametrize("columns", ["20", "80", "300"])
def test_ids_stay_whole(
    printed: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, columns: str
) -> None:
    """They are copied from the screen, however narrow it is; what does not fit stands below."""
    monkeypatch.setenv("COLUMNS", columns)
    lines = shown(printed, WIDE)
    assert 5 == "\n".join(lines).count(ID)
    if columns == "300":
        assert [1, 2, 2, 0] == [line.count(ID) for line in lines if "first" not in line][:-1]
        return
    assert [
        f"ballot  {ID}",
        "terms",
        f"  shares  first              {ID}",
        f"          second commitment  {ID}",
        "",
        f"          first              {ID}",
        f"          second commitment  {ID}",
        "  days    15",
        "empty   nothing",
    ] == lines


def test_an_error_is_one_line_that_says_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    """It goes to the error stream, under the program's name."""
    complain("it is\n  locked", hint="wait a little")
    complain("no")
    found = capsys.readouterr()
    assert "tally: it is locked — wait a little\ntally: no\n" == found.err
    assert "" == found.out


def test_a_progress_bar_leaves_standard_output_alone(capsys: pytest.CaptureFixture[str]) -> None:
    """It stands on the error stream while something goes on, and counts what is done."""
    with progress_bar("working [bold]", 4) as advance:
        for _ in range(4):
            advance(1)
    assert "" == capsys.readouterr().out
