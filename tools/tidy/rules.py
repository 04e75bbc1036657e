"""A contract reads like the law: bands in order, rejections in order, every field explained."""

import ast
from collections.abc import Iterator, Mapping

from .shape import BANDS
from .source import Function, Module, Problem, comments, dotted, functions

ALWAYS_THERE = ("# CHECK", "# WRITE")
WRITES = {"context.call", "context.create", "context.delete", "context.emit", "context.write"}
RECORD_DRAWERS = {"model", "commands", "events"}
NO_RECORDS = ("Enum", "Error", "Exception", "Protocol")

Codes = Mapping[str, int]
"""The code of each rejection of a contract, by class name, in the order of its errors.py."""


def check_rules(module: Module, codes: Codes) -> Iterator[Problem]:
    """Yield rules whose bands, writes or rejections are out of order."""
    if module.parts[0] != "contracts" or not any(p.startswith("rules") for p in module.parts[2:]):
        return
    labels = [(line, text) for line, text in comments(module.text) if text in BANDS]
    for node in functions(module.tree):
        if is_rule(node):
            end = node.end_lineno or node.lineno
            inside = [(text, line) for line, text in labels if node.lineno <= line <= end]
            yield from check_bands(node, [text for text, _ in inside])
            if write_line := dict(inside).get("# WRITE"):
                yield from check_writes(node, write_line)
            yield from check_precedence(node, codes)


def is_rule(node: Function) -> bool:
    """Return whether a function is a rule: public, and given a context and a command."""
    arguments = [*node.args.posonlyargs, *node.args.args]
    if node.name.startswith("_") or [a.arg for a in arguments[:2]] != ["context", "command"]:
        return False
    annotation = arguments[0].annotation
    return annotation is not None and dotted(annotation).rpartition(".")[2] == "Context"


def check_bands(node: Function, order: list[str]) -> Iterator[Problem]:
    """Yield bands that are missing, repeated or out of order."""
    for band in ALWAYS_THERE:
        if band not in order:
            yield node.lineno, f"{node.name}() lacks {band}"
    if order != [band for band in BANDS if band in order]:
        yield node.lineno, f"{node.name}() has its bands in the order {', '.join(order)}"


def check_writes(node: Function, write_line: int) -> Iterator[Problem]:
    """Yield what changes the ledger before the last check, and checks that come too late."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call) and dotted(inner.func) in WRITES:
            if inner.lineno < write_line:
                yield inner.lineno, f"{dotted(inner.func)}() belongs below # WRITE"
        elif isinstance(inner, ast.Raise) and inner.lineno > write_line:
            yield inner.lineno, "a rule refuses before it writes"


def check_precedence(node: Function, codes: Codes) -> Iterator[Problem]:
    """Yield rejections that are raised in another order than errors.py gives them."""
    raised = [
        (inner.lineno, dotted(inner.exc))
        for inner in ast.walk(node)
        if isinstance(inner, ast.Raise) and inner.exc is not None
    ]
    latest = ""
    for line, name in sorted(raised):
        if name not in codes:
            continue
        if latest and codes[name] < codes[latest]:
            yield line, f"{name} ({codes[name]}) is checked after {latest} ({codes[latest]})"
        else:
            latest = name


def check_fields(module: Module) -> Iterator[Problem]:
    """Yield fields of records that no docstring explains."""
    drawer = module.parts[0] == "contracts" and module.parts[-1] in RECORD_DRAWERS
    for node in ast.walk(module.tree):
        if not isinstance(node, ast.ClassDef) or node.name.startswith("_"):
            continue
        bases = [dotted(base).rpartition(".")[2] for base in node.bases]
        if any(base.endswith(NO_RECORDS) for base in bases):
            continue
        if drawer or any(base in {"Record", "Struct"} for base in bases):
            yield from unexplained(node)


def unexplained(node: ast.ClassDef) -> Iterator[Problem]:
    """Yield annotated fields that are not followed by a docstring."""
    for field, following in zip(node.body, [*node.body[1:], None], strict=True):
        if not isinstance(field, ast.AnnAssign) or "ClassVar" in ast.unparse(field.annotation):
            continue
        text = following.value if isinstance(following, ast.Expr) else None
        if not isinstance(text, ast.Constant) or not isinstance(text.value, str):
            yield field.lineno, f"{node.name}.{ast.unparse(field.target)} has no docstring below it"


def codes_of(module: Module) -> dict[str, int]:
    """
    Return the rejections of an errors.py with their codes, in the order of the file.

    Code 0 is that of a base class, which is never raised itself.
    """
    found = {}
    for node in module.tree.body:
        if isinstance(node, ast.ClassDef) and (code := code_of(node)):
            found[node.name] = code
    return found


def code_of(node: ast.ClassDef) -> int:
    """Return the number that a class assigns to `code`, or 0."""
    for field in node.body:
        match field:
            case (
                ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=int() as code))
                | ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=int() as code))
            ):
                return code
    return 0


def check_codes(module: Module, codes: Codes) -> Iterator[Problem]:
    """Yield rejections whose code does not rise above the one before."""
    latest = 0
    for name, code in codes.items() if module.parts[-1] == "errors" else ():
        if code <= latest:
            yield 1, f"{name} has code {code} after {latest}: codes rise and are never reused"
        latest = max(latest, code)
