"""The package carries the stand-alone script, so that whoever has the one has the other."""

from pathlib import Path

from tallystick.client import verify_proof

SCRIPT = Path(__file__).resolve().parent.parent.parent / "tools" / "verify_proof.py"


def test_it_is_the_script_in_tools() -> None:
    """Byte by byte; tests/tools/test_verify_proof.py says what it does."""
    assert SCRIPT.read_bytes() == Path(verify_proof.__file__).read_bytes()
