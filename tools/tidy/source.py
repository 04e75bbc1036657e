"""What a check is given, a parsed module, and what it yields: a line and what is wrong there."""

import ast
import io
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PACKAGE = "tallystick"

Problem = tuple[int, str]
"""A line, counted from 1, and what is wrong there."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Module:
    """One Python file."""

    path: Path
    """Where it is."""

    parts: tuple[str, ...]
    """Its place below the package or the folder of tests, such as `("base", "merkle")`."""

    text: str
    """What it says."""

    tree: ast.Module
    """The same, parsed."""


def load(folder: Path) -> list[Module]:
    """Read and parse every module below a folder, in a stable order."""
    modules = []
    for path in sorted(folder.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        parts = path.relative_to(folder).with_suffix("").parts
        modules.append(Module(path, parts, text, ast.parse(text, path)))
    return modules


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function, method and nested function."""
    for node in ast.walk(tree):
        if isinstance(node, Function):
            yield node


def comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield every comment that has its line to itself."""
    for token in tokenize.generate_tokens(io.StringIO(text).readline):
        if token.type == tokenize.COMMENT and token.line.lstrip().startswith("#"):
            yield token.start[0], token.string


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a name or an attribute of one, and nothing for any other expression."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call | ast.Subscript):
        return dotted(node.func if isinstance(node, ast.Call) else node.value)
    return ""
