"""The stand-alone script says valid or not in one line, and needs nothing of ours."""

import ast
import base64
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tallystick.base import merkle, notes
from tallystick.base.encoding import encode
from tallystick.base.identifiers import format_ledger_id, parse_ledger_id
from tallystick.base.notes import Signer, parse_verifier_key
from tallystick.client import verify_proof
from tallystick.client.verify import verify_claim
from tests.client.forging import KEYS, LEDGER, Story
from tests.client.verifiers import REFUSALS

ROOT = Path(__file__).resolve().parent.parent.parent
SCRIPT = ROOT / "src" / "tallystick" / "client" / "verify_proof.py"
VECTOR = ROOT / "tests" / "vectors" / "proof.json"
KEY = notes.format_verifier_key(KEYS[0])
TRUST = ["--ledger", format_ledger_id(LEDGER), "--key", KEY]


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    """Run the script as anybody would, isolated from our package."""
    command = [sys.executable, "-I", str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)


def test_it_is_short_and_stands_alone() -> None:
    """At most 300 lines, the standard library, `coincurve` and `cryptography`."""
    text = SCRIPT.read_text(encoding="utf-8")
    assert text.count("\n") <= 300
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            imported |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.module is not None
            imported.add(node.module.split(".")[0])
    assert {"coincurve", "cryptography"} == imported - set(sys.stdlib_module_names)


def test_a_claim_that_stands(tmp_path: Path) -> None:
    """Exit code 0 and one line that says what is proven as of when."""
    file = tmp_path / "claim.proof"
    file.write_bytes(Story().tell())
    done = run(file, *TRUST)
    assert (0, "") == (done.returncode, done.stderr)
    line = r"valid: 600 Wh of T010000 from village, 1467374400 s, claimed for [0-9a-f]{66}; "
    assert re.fullmatch(line + r"as of checkpoint 4\n", done.stdout)


def test_without_its_two_packages_it_says_which(tmp_path: Path) -> None:
    """One line and exit code 2, under an interpreter that has neither."""
    hidden = tmp_path / "hidden.py"
    hidden.write_text(
        "import runpy, sys\n"
        "sys.modules['coincurve'] = None\n"
        f"runpy.run_path({str(SCRIPT)!r}, run_name='__main__')\n"
    )
    done = subprocess.run(
        [sys.executable, str(hidden)], capture_output=True, text=True, check=False, timeout=60
    )
    assert (2, "") == (done.returncode, done.stdout)
    assert done.stderr.endswith(": coincurve and cryptography have to be installed\n")
    assert 1 == done.stderr.count("\n")


FORGED = [
    (Story().tell()[:-9], "invalid: "),
    (b"[" * 200_000, "invalid: "),
    (Story().tell() + b" " * 5_000_000, "invalid: "),
    (Story().tell().replace(b'"ordinal":1', b'"ordinal":NaN'), "invalid: ordinal: "),
    (Story(is_latest=False).tell(), "invalid: state: not the last entry"),
    (Story(signers=(7,)).tell(), "invalid: transaction: an owner did not sign"),
    (Story(expiry=1).tell(), "invalid: receipt: "),
]


@pytest.mark.parametrize("number", range(len(FORGED)))
def test_a_claim_that_does_not_stand(tmp_path: Path, number: int) -> None:
    """Exit code 1 and one line that says what fails."""
    data, problem = FORGED[number]
    file = tmp_path / "claim.proof"
    file.write_bytes(data)
    done = run(file, *TRUST)
    assert (1, "", 1) == (done.returncode, done.stdout, done.stderr.count("\n"))
    assert done.stderr.startswith(problem)


def test_a_wrong_signature_below_the_checkpoint(tmp_path: Path) -> None:
    """What the cryptography library refuses has words, too."""
    parsed = json.loads(Story().tell())
    note = base64.b64decode(parsed["checkpoint"]).decode()
    line = note.splitlines()[-1]
    proof = notes.key_id(KEYS[0]) + b"\x09" * 63 + bytes(1)
    wrong = f"— {KEYS[0].name} {notes.to_base64(proof)}"
    parsed["checkpoint"] = base64.b64encode(note.replace(line, wrong).encode()).decode()
    file = tmp_path / "claim.proof"
    file.write_bytes(json.dumps(parsed, separators=(",", ":")).encode() + b"\n")
    assert (1, "invalid: wrong signature\n") == (
        (done := run(file, *TRUST)).returncode,
        done.stderr,
    )


@pytest.mark.parametrize(
    ("ledger", "key"),
    [
        ("ledger_12", KEY),
        (format_ledger_id(LEDGER).upper(), KEY),
        (format_ledger_id(LEDGER) + "\n", KEY),
        (format_ledger_id(LEDGER), "nobody"),
        (format_ledger_id(LEDGER), KEY[:-4]),
        (format_ledger_id(LEDGER), KEY.replace("+", "+0", 1)),
        (format_ledger_id(LEDGER), "other" + KEY),
    ],
)
def test_what_is_misspelt_is_misuse(tmp_path: Path, ledger: str, key: str) -> None:
    """Exit code 2, before the file is looked at."""
    file = tmp_path / "claim.proof"
    file.write_bytes(b"")
    assert 2 == run(file, "--ledger", ledger, "--key", key).returncode


def test_trust_and_a_file_must_be_given(tmp_path: Path) -> None:
    """Nothing is taken from the file or guessed: exit code 2."""
    file = tmp_path / "claim.proof"
    file.write_bytes(Story().tell())
    assert [2, 2, 2, 2] == [
        run(*arguments).returncode
        for arguments in ((file,), (file, *TRUST[:2]), (file, *TRUST[2:]), TRUST)
    ]
    assert 2 == run(tmp_path / "none", *TRUST).returncode


def test_several_keys_may_be_trusted(tmp_path: Path) -> None:
    """A checkpoint by any of them is believed."""
    file = tmp_path / "claim.proof"
    file.write_bytes(Story().tell())
    other = notes.format_verifier_key(notes.verifier_key(Signer("other", bytes(32))))
    assert 0 == run(file, "--key", other, *TRUST).returncode


def test_the_vector_verifies() -> None:
    """The proof for other languages is valid for us and for the script."""
    vector = json.loads(VECTOR.read_text())
    file = vector["file"].encode()
    key = parse_verifier_key(vector["key"])
    claim = verify_claim(file, parse_ledger_id(vector["ledger"]), [key])
    says = vector["says"]
    assert says == {
        "certificate": claim.certificate.hex(),
        "consumption": claim.consumption.hex(),
        "production": claim.production.hex(),
        "transaction": claim.transaction.hex(),
        "amount_wh": claim.amount_wh,
        "claimed_at": claim.claimed_at,
        "checkpoint_size": claim.checkpoint_size,
    }
    given = [verify_proof.parse_key(vector["key"])]
    assert f"{says['amount_wh']} Wh" in verify_proof.verify(file, vector["ledger"], given)


@pytest.mark.parametrize("number", range(20))
def test_the_vector_s_forgeries_are_refused(number: int) -> None:
    """Each of them, by both."""
    vector = json.loads(VECTOR.read_text())
    assert 20 == len(vector["forgeries"])
    forged = vector["forgeries"][number]["file"].encode()
    with pytest.raises(ValueError, match=r".+"):
        verify_claim(forged, parse_ledger_id(vector["ledger"]), [parse_verifier_key(vector["key"])])
    with pytest.raises(REFUSALS):
        verify_proof.verify(forged, vector["ledger"], [verify_proof.parse_key(vector["key"])])


plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.binary(max_size=70_000)
    | st.text(max_size=70_000),
    lambda inner: st.lists(inner, max_size=40),
    max_leaves=20,
)


@given(plain)
def test_messagepack_is_read_as_it_is_written(value: object) -> None:
    """Every value in its shortest form comes back."""
    assert value == verify_proof.decode(encode(value))


@given(st.binary(max_size=60))
def test_messagepack_is_read_in_its_shortest_form_only(data: bytes) -> None:
    """What is read at all is what writing it again gives."""
    try:
        value = verify_proof.decode(data)
    except (ValueError, LookupError, RecursionError):
        return
    assert data == encode(value)


def test_inclusion_paths_of_every_size() -> None:
    """For each place in each tree of up to 40 entries, and for no other place."""
    for size in range(1, 41):
        entries = [bytes([n]) for n in range(size)]
        root = merkle.root(entries)
        for index in range(size):
            path = merkle.inclusion_proof(entries, index)
            verify_proof.climb({"index": index, "path": path}, entries[index], size, root, "tree")
            for other in {index - 1, index + 1, size, 0} - {index}:
                place = {"index": other, "path": path}
                with pytest.raises(ValueError, match=r"^tree: "):
                    verify_proof.climb(place, entries[index], size, root, "tree")
