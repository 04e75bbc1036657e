"""Sizes, names, docstrings, and modules that do nothing when they are imported."""

import ast
import re
from collections.abc import Iterator

from .source import Function, Module, Problem, comments, functions

LINES_PER_MODULE_MAX = 400
LINES_PER_FUNCTION_MAX = 50

BANDS = ("# READ", "# CHECK", "# COMPUTE", "# WRITE")
LABEL = re.compile(r"# ?[A-Z][A-Z ]+:?")

VAGUE_PREFIXES = ("get_", "handle_")
VAGUE_WORDS = {"manager", "managers", "util", "utils"}
WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

ACTS = ast.For | ast.AsyncFor | ast.While | ast.With | ast.AsyncWith


def check_length(module: Module) -> Iterator[Problem]:
    """Yield modules that are too long to read in one go."""
    count = module.text.count("\n")
    if count > LINES_PER_MODULE_MAX:
        yield 1, f"module has {count} lines, at most {LINES_PER_MODULE_MAX}"


def check_functions(module: Module) -> Iterator[Problem]:
    """Yield long functions; a docstring is no code."""
    for node in functions(module.tree):
        length = lines(node)
        if ast.get_docstring(node) is not None:
            length -= lines(node.body[0])
        if length > LINES_PER_FUNCTION_MAX:
            yield node.lineno, f"{node.name}() has {length} lines, at most {LINES_PER_FUNCTION_MAX}"


def lines(node: ast.stmt) -> int:
    """Return how many lines a statement takes."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def check_names(module: Module) -> Iterator[Problem]:
    """Yield names that say nothing."""
    if message := vague(module.parts[-1]):
        yield 1, message
    for node in ast.walk(module.tree):
        if isinstance(node, Function | ast.ClassDef) and (message := vague(node.name)):
            yield node.lineno, message


def vague(name: str) -> str:
    """Return why a name says nothing, or nothing."""
    for prefix in VAGUE_PREFIXES:
        if name.lstrip("_").startswith(prefix):
            return f"{name}: `{prefix}` says nothing; name what it does or returns"
    for word in WORD.findall(name):
        if word.lower() in VAGUE_WORDS:
            return f"{name}: `{word}` says nothing; name what it is for"
    return ""


def check_docstrings(module: Module) -> Iterator[Problem]:
    """Yield public modules, classes, functions and methods that nobody explains."""
    if ast.get_docstring(module.tree) is None:
        yield 1, "module has no docstring"
    yield from undocumented(module.tree)


def undocumented(tree: ast.Module | ast.ClassDef) -> Iterator[Problem]:
    """Yield what is public in a body and has no docstring; an overload speaks by its types."""
    for node in tree.body:
        if not isinstance(node, Function | ast.ClassDef) or node.name.startswith("_"):
            continue
        marks = {getattr(mark, "id", getattr(mark, "attr", "")) for mark in node.decorator_list}
        if ast.get_docstring(node) is None and not marks & {"overload", "override", "setter"}:
            yield node.lineno, f"{node.name} has no docstring"
        if isinstance(node, ast.ClassDef):
            yield from undocumented(node)


def check_labels(module: Module) -> Iterator[Problem]:
    """Yield label comments other than the four bands: a comment is a sentence and says why."""
    for line, comment in comments(module.text):
        if LABEL.fullmatch(comment) and comment not in BANDS:
            yield line, f"{comment}: the only labels are {', '.join(BANDS)}"


def check_import_time(module: Module) -> Iterator[Problem]:
    """Yield what happens when a module is imported, and what an `__init__` does at all."""
    for node in module.tree.body:
        call = isinstance(node, ast.Expr) and isinstance(node.value, ast.Call | ast.Await)
        if call or isinstance(node, ACTS):
            yield node.lineno, "nothing happens at import"
        if module.parts[-1] != "__init__":
            continue
        if isinstance(node, ast.ClassDef) or (
            isinstance(node, Function) and node.name not in {"__getattr__", "__dir__"}
        ):
            yield node.lineno, f"__init__ declares, never does: move {node.name} to a module"
