"""What a pure layer may not do, beyond what its imports already show."""

import ast
from collections.abc import Iterator

from .layers import PURE
from .source import Module, Problem, dotted

CLOCK_READS = {"now", "utcnow", "today"}
IMPURE_CALLS = {"breakpoint", "eval", "exec", "hash", "input", "open", "print"}
EVERYTHING = {"Exception", "BaseException"}


def check_purity(module: Module) -> Iterator[Problem]:
    """Yield floats, clocks, I/O, swallowed exceptions and orders that differ between runs."""
    if module.parts[0] not in PURE:
        return
    own = {getattr(node, "name", "") for node in ast.walk(module.tree)}
    for node in ast.walk(module.tree):
        if isinstance(node, ast.For | ast.comprehension) and is_set(node.iter):
            yield node.iter.lineno, "the order of a set differs between runs; sort it"
        elif message := impure(node, own):
            yield getattr(node, "lineno", 1), message


def impure(node: ast.AST, own: set[str]) -> str:
    """Return what is impure about a node itself, or nothing."""
    match node:
        case ast.Constant(value=float()) | ast.Name(id="float"):
            return "no float in a pure layer"
        case ast.BinOp(op=ast.Div()) | ast.AugAssign(op=ast.Div()):
            return "/ makes a float; use //"
        case ast.Attribute(attr=name) if name in CLOCK_READS:
            return "time arrives in the block"
        case ast.Call():
            return impure_call(node, own)
        case ast.ExceptHandler():
            return broad(node)
    return ""


def impure_call(node: ast.Call, own: set[str]) -> str:
    """Return why a pure layer may not make this call, or nothing."""
    name = dotted(node.func)
    if name in IMPURE_CALLS - own:
        return f"{name}() has no place in a pure layer"
    if name.endswith("suppress") and any(dotted(kind) in EVERYTHING for kind in node.args):
        return "catch the rejection you expect, never everything"
    return ""


def broad(node: ast.ExceptHandler) -> str:
    """Return why this handler catches too much, or nothing."""
    kinds = node.type.elts if isinstance(node.type, ast.Tuple) else [node.type]
    if any(kind is None or dotted(kind) in EVERYTHING for kind in kinds):
        return "catch the rejection you expect, never everything"
    return ""


def is_set(node: ast.expr) -> bool:
    """Return whether an expression is plainly a set."""
    called = isinstance(node, ast.Call) and dotted(node.func) in {"set", "frozenset"}
    return called or isinstance(node, ast.Set | ast.SetComp)
