"""Each house rule fires on what it is against and is quiet on what it is for."""

from pathlib import Path
from textwrap import dedent

import pytest

from tools.tidy import problems

RULES = "src/tallystick/contracts/certificate/rules.py"
ERRORS = "src/tallystick/contracts/certificate/errors.py"
MODEL = "src/tallystick/contracts/certificate/model.py"

GOOD = {
    "src/tallystick/base/hashing.py": '''
        """Hash."""

        import hashlib


        def tagged(text: bytes) -> bytes:
            """Return a hash."""
            return hashlib.sha256(text).digest()
        ''',
    "src/tallystick/contracts/certificate/__init__.py": '''
        """Certificates."""

        from tallystick.core.contract import Contract

        CONTRACT = Contract(name="certificate", requires=("measurement",))
        ''',
    ERRORS: '''
        """Why a certificate rule refuses."""

        from tallystick.core.errors import Rejected


        class CertificateRejected(Rejected):
            """A rule of certificates says no."""


        class CertificateNotFound(CertificateRejected):
            """There is no such certificate."""

            code = 201

            def __init__(self, id: bytes) -> None:
                super().__init__(f"no certificate {id.hex()}")


        class CertificateNotActive(CertificateRejected):
            """Only an active certificate can move."""

            code = 202
        ''',
    MODEL: '''
        """What the ledger holds."""

        from enum import Enum

        from tallystick.base.encoding import Record


        class Status(Enum):
            """Whether it can move."""

            ACTIVE = 1


        class Certificate(Record):
            """Produced energy."""

            amount_wh: int
            """Energy. [Wh]"""
        ''',
    RULES: '''
        """Its rules."""

        from tallystick.contracts.measurement.model import Measurement
        from tallystick.core.context import Context

        from .commands import Transfer
        from .errors import CertificateNotActive, CertificateNotFound
        from .model import Certificate


        def transfer(context: Context, command: Transfer) -> None:
            """Change the owner."""
            # READ
            whole = context.read(Certificate, command.certificate)
            # CHECK
            if whole is None:
                raise CertificateNotFound(command.certificate)
            if not whole.active:
                raise CertificateNotActive
            # WRITE
            context.write(command.certificate, whole)


        def may_act(context: Context, record: Measurement) -> bool:
            """Return whether a signer owns it; a helper has no bands."""
            return record.owner in context.signers
        ''',
    "src/tallystick/contracts/measurement/model.py": '"""What is measured."""\n',
    "tests/base/test_hashing.py": '"""Hashing."""\n',
    "tests/contracts/certificate/test_rules_transfer.py": '"""Transfer."""\n',
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A small tree that keeps every rule."""
    for name, text in GOOD.items():
        write(tmp_path / name, dedent(text).lstrip())
    return tmp_path


def write(path: Path, text: str) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def messages(root: Path) -> list[str]:
    """Return what is wrong, without saying where."""
    return [problem.split(": ", 1)[1] for problem in problems(root)]


def test_a_good_tree_has_no_problems(root: Path) -> None:
    """What keeps the rules is left in peace."""
    assert [] == messages(root)


@pytest.mark.parametrize(
    ("path", "statement", "expected"),
    [
        ("base/a.py", "from tallystick.core.block import Block", "base may not import core"),
        (
            "core/a.py",
            "from tallystick.contracts import CONTRACTS",
            "core may not import contracts",
        ),
        ("store/a.py", "from tallystick.runtime.x import y", "store may not import runtime"),
        (
            "store/a.py",
            "from tallystick.config import Configuration",
            "store may not import config",
        ),
        ("web/a.py", "from tallystick.cli.main import main", "web may not import cli"),
        ("new/a.py", "import os", "new is a layer that tools/tidy/layers.py doesn't know"),
        ("client/a.py", "import tallystick", "import what you need from it, by name"),
        (
            "core/a.py",
            "from ..base import hashing",
            "one dot means mine; use an absolute import for the rest",
        ),
        (
            "client/a.py",
            "from tallystick.contracts.certificate.rules import split",
            "tallystick.contracts.certificate.rules.split is private to its contract",
        ),
        (
            "contracts/identity/a.py",
            "from tallystick.contracts.certificate.model import Certificate",
            "identity uses certificate without naming it in `requires`",
        ),
        ("core/a.py", "import time", "core is pure and may not import time"),
        ("core/a.py", "from os import path", "core is pure and may not import os"),
        ("core/a.py", "import numpy", "core is pure and may not import numpy"),
        (
            "core/a.py",
            "from concurrent.futures import ThreadPoolExecutor",
            "core is pure and may not import concurrent",
        ),
    ],
)
def test_an_import_that_leaves_its_place_is_found(
    root: Path, path: str, statement: str, expected: str
) -> None:
    """Imports point downwards, to public drawers, and out of a pure layer to pure libraries."""
    write(root / "src/tallystick" / path, f'"""Text."""\n\n{statement}\n')
    assert [expected] == messages(root)


@pytest.mark.parametrize(
    ("path", "statement"),
    [
        ("core/a.py", "from tallystick.base import hashing"),
        ("core/a.py", "from .block import Block"),
        ("core/a.py", "from . import block"),
        ("core/a.py", "from concurrent.futures import Future"),
        ("core/a.py", "import msgspec"),
        ("contracts/__init__.py", "from . import certificate"),
        ("client/a.py", "import time"),
        ("runtime/a.py", "from tallystick.config import Configuration"),
        ("client/a.py", "from tallystick.contracts.certificate.commands import Split"),
        ("compose.py", "from tallystick.contracts import CONTRACTS"),
        ("contracts/certificate/a.py", "from tallystick.contracts.certificate.rules import x"),
    ],
)
def test_an_import_that_keeps_its_place_is_left_alone(
    root: Path, path: str, statement: str
) -> None:
    """What DESIGN allows raises no complaint."""
    write(root / "src/tallystick" / path, f'"""Text."""\n\n{statement}\n')
    assert [] == messages(root)


def test_contracts_that_require_each_other_are_found(root: Path) -> None:
    """`requires` has no circles."""
    write(
        root / "src/tallystick/contracts/measurement/__init__.py",
        '"""Text."""\n\nCONTRACT = Contract(requires=("certificate",))\n',
    )
    write(root / "src/tallystick/contracts/__init__.py", '"""The rulebooks."""\n')
    assert ["these contracts require each other: certificate, measurement"] == messages(root)


NO_FLOAT = "no float in a pure layer"
TOO_BROAD = "catch the rejection you expect, never everything"


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("HALF = 0.5", NO_FLOAT),
        ("SIZE = float", NO_FLOAT),
        ("HALF = 1 / 2", "/ makes a float; use //"),
        ("NOW = datetime.now", "time arrives in the block"),
        ("TEXT = open(PATH)", "open() has no place in a pure layer"),
        ("CODE = hash(TEXT)", "hash() has no place in a pure layer"),
        ("LIST = [each for each in set(IDS)]", "the order of a set differs between runs; sort it"),
        ("LIST = [each for each in {1, 2}]", "the order of a set differs between runs; sort it"),
        ("try:\n    A = B\nexcept Exception:\n    A = C", TOO_BROAD),
        ("try:\n    A = B\nexcept (KeyError, BaseException):\n    A = C", TOO_BROAD),
        ("try:\n    A = B\nexcept:\n    A = C", TOO_BROAD),
        ("QUIET = contextlib.suppress(Exception)", TOO_BROAD),
    ],
)
def test_what_makes_a_pure_layer_impure_is_found(root: Path, statement: str, expected: str) -> None:
    """The kernel computes the same on every machine, every time; the edge need not."""
    text = f'"""Text."""\n\n{statement}\n'
    write(root / "src/tallystick/core/a.py", text)
    write(root / "src/tallystick/client/a.py", text)
    assert [expected] == messages(root)


@pytest.mark.parametrize(
    "statement",
    [
        "HALF = 1 // 2",
        "LIST = [each for each in sorted(set(IDS))]",
        "try:\n    A = B\nexcept KeyError:\n    A = C",
        "from .hashing import hash\n\nCODE = other.hash(TEXT)",
    ],
)
def test_what_is_pure_is_left_alone(root: Path, statement: str) -> None:
    """A look-alike raises no complaint."""
    write(root / "src/tallystick/core/a.py", f'"""Text."""\n\n{statement}\n')
    assert [] == messages(root)


def test_long_modules_and_functions_are_found(root: Path) -> None:
    """A docstring doesn't count as length, code does; the tables of a test may be long."""
    body = "    a = 1\n" * 50
    prose = "\n".join("    More." for _ in range(60))
    docstring = f'    """\n    Act.\n\n{prose}\n    """\n'
    write(root / "tests/test_a.py", f'"""Text."""\n\n\ndef act() -> None:\n{docstring}{body}')
    write(root / "tests/test_b.py", '"""Text."""\n' + "A = 1\n" * 400)
    write(root / "tools/b.py", '"""Text."""\n' + "A = 1\n" * 400)
    assert [
        "act() has 51 lines, at most 50",
        "module has 401 lines, at most 400",
    ] == messages(root)


@pytest.mark.parametrize(
    ("path", "statement", "expected"),
    [
        ("tests/test_a.py", "def get_owner(): 'Return it.'", "`get_` says nothing"),
        ("tests/test_a.py", "def _handle_error(): 'Do it.'", "`handle_` says nothing"),
        ("tests/test_a.py", "class BlockManager: 'A thing.'", "`Manager` says nothing"),
        ("tools/file_utils.py", "", "`utils` says nothing"),
    ],
)
def test_names_that_say_nothing_are_found(
    root: Path, path: str, statement: str, expected: str
) -> None:
    """A name says what a thing is or returns."""
    write(root / path, f'"""Text."""\n\n{statement}\n')
    (found,) = messages(root)
    assert expected in found


def test_what_is_public_has_a_docstring(root: Path) -> None:
    """Modules, classes, functions and methods are explained unless their name says private."""
    write(
        root / "bench/a.py",
        "class A:\n    def b(self): ...\n    def _c(self): ...\ndef d(): ...\nclass _E: ...\n",
    )
    assert [
        "A has no docstring",
        "module has no docstring",
        "b has no docstring",
        "d has no docstring",
    ] == messages(root)


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("core/a.py", "prepare()", "nothing happens at import"),
        ("core/a.py", "for each in ():\n    pass", "nothing happens at import"),
        (
            "core/__init__.py",
            "def act():\n    'Act.'\n    return 1",
            "__init__ declares, never does: move act to a module",
        ),
        (
            "core/a.py",
            "# HELPERS",
            "# HELPERS: the only labels are # READ, # CHECK, # COMPUTE, # WRITE",
        ),
        ("core/a.py", "def act():\n    'Act.'\n    return 1", "no tests/core/test_a.py"),
    ],
)
def test_modules_keep_their_shape(root: Path, path: str, text: str, expected: str) -> None:
    """A module declares, its comments are sentences, and a test mirrors what it does."""
    write(root / "src/tallystick" / path, f'"""Text."""\n\n{text}\n')
    assert [expected] == messages(root)


def test_a_protocol_needs_no_mirrored_test(root: Path) -> None:
    """What only declares has no behaviour to test."""
    text = 'class Node(Protocol):\n    """A."""\n\n    def b(self):\n        """B."""\n'
    write(root / "src/tallystick/core/node.py", f'"""Text."""\n\n\n{text}')
    assert [] == messages(root)


@pytest.mark.parametrize(
    ("path", "before", "after", "expected"),
    [
        (RULES, "    # CHECK\n", "", ["transfer() lacks # CHECK"]),
        (RULES, "    # WRITE\n    context", "    context", ["transfer() lacks # WRITE"]),
        (
            RULES,
            "# READ",
            "# COMPUTE",
            ["transfer() has its bands in the order # COMPUTE, # CHECK, # WRITE"],
        ),
        (
            RULES,
            "    # READ\n",
            "    # READ\n    # READ\n",
            ["transfer() has its bands in the order # READ, # READ, # CHECK, # WRITE"],
        ),
        (
            RULES,
            "    # CHECK\n",
            "    # CHECK\n    context.emit(command)\n",
            ["context.emit() belongs below # WRITE"],
        ),
        (
            RULES,
            "    context.write(command.certificate, whole)\n",
            "    context.write(command.certificate, whole)\n    raise CertificateNotActive\n",
            ["a rule refuses before it writes"],
        ),
        (
            RULES,
            "raise CertificateNotFound(command.certificate)",
            "raise CertificateNotActive\n    raise CertificateNotFound(command.certificate)",
            ["CertificateNotFound (201) is checked after CertificateNotActive (202)"],
        ),
        (
            ERRORS,
            "code = 202",
            "code = 201",
            ["CertificateNotActive has code 201 after 201: codes rise and are never reused"],
        ),
        (
            MODEL,
            '    """Energy. [Wh]"""\n',
            "",
            ["Certificate.amount_wh has no docstring below it"],
        ),
    ],
)
def test_a_contract_reads_like_the_law(
    root: Path, path: str, before: str, after: str, expected: list[str]
) -> None:
    """One thing changed in the good tree is one complaint."""
    text = (root / path).read_text(encoding="utf-8")
    assert text.count(before) >= 1
    write(root / path, text.replace(before, after, 1))
    assert expected == messages(root)


def test_rules_may_be_split_in_a_folder(root: Path) -> None:
    """The same holds in `rules_….py` and in `rules/`."""
    text = (root / RULES).read_text(encoding="utf-8").replace("    # CHECK\n", "")
    folder = root / "src/tallystick/contracts/certificate"
    for name in ("rules/moving.py", "rules_moving.py"):
        write(folder / name, text)
    for name in ("rules/test_moving.py", "test_rules_moving.py"):
        write(root / "tests/contracts/certificate" / name, '"""Moving."""\n')
    assert ["transfer() lacks # CHECK"] * 2 == messages(root)
