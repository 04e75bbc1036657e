"""Unused code is found, whatever its kind, except the fields of records."""

from pathlib import Path

from tools.dead import unused


def test_fields_are_spared_and_functions_are_not(tmp_path: Path) -> None:
    """A field is read by whoever decodes the record; a function that nobody calls is dead."""
    (tmp_path / "src").mkdir()
    (tmp_path / "src" / "a.py").write_text(
        "class Used:\n    amount_wh: int\n\ndef act():\n    return Used()\n"
    )
    (found,) = unused(tmp_path, {"paths": ["src", "missing"]}, confidence_min=60)
    assert "unused function 'act'" in found
