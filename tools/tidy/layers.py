"""Who may import whom: the picture in DESIGN, as a table."""

import ast
import sys
from collections.abc import Iterator, Mapping

from .source import PACKAGE, Module, Problem

# What each layer may import, besides itself, from the bottom to the top.
CLIENT = {"client", "contracts", "config", "core", "base"}
LAYERS: dict[str, set[str]] = {
    "base": set(),
    "core": {"base"},
    "contracts": {"core", "base"},
    "config": {"base"},
    "store": {"core", "base"},
    "runtime": {"store", "config", "core", "base"},
    "index": {"core", "base"},
    "http": {"index", "config", "core", "base"},
    "client": {"contracts", "core", "base"},
    "metering": CLIENT,
    "accounts": CLIENT,
    "coordination": CLIENT,
    "bridges": CLIENT,
    "web": CLIENT,
    "scenarios": {"metering", "coordination", "bridges", *CLIENT},
    "testing": {"runtime", "store", "bridges", *CLIENT},
    "compose": {
        *("runtime", "store", "index", "http", "web"),
        *("metering", "accounts", "coordination", "bridges"),
        *CLIENT,
    },
    "cli": {"compose", "scenarios", *CLIENT},
    "__init__": {"compose", *CLIENT},
    "__main__": {"cli"},
}
PURE = {"base", "core", "contracts"}

# What one contract shows to the others, and to everybody above.
PUBLIC_DRAWERS = {"commands", "views", "model", "events", "errors"}
# `compose` joins the contracts to the rest; `testing` takes both apart.
SEES_WHOLE_CONTRACTS = {"compose", "testing"}
# A program reads the events of whatever contracts there are, so that a new one needs no line there.
READS_ALL_EVENTS = ("client", "events")

# A pure layer may compute with these, and with the standard library apart from what follows.
PURE_LIBRARIES = {"coincurve", "cryptography", "msgspec"}
IMPURE_MODULES = {
    # They reach files and their formats,
    *("fcntl", "glob", "io", "mmap", "os", "pathlib", "pickle", "shelve", "shutil", "sqlite3"),
    *("tempfile",),
    # the network,
    *("asyncio", "http", "select", "selectors", "socket", "socketserver", "ssl", "urllib"),
    # or the process and the machine they run on;
    *("ctypes", "logging", "platform", "signal", "subprocess", "sys", "warnings", "weakref"),
    # they read a clock or throw dice,
    *("random", "sched", "secrets", "time", "uuid"),
    # run beside each other,
    *("concurrent", "contextvars", "multiprocessing", "queue", "threading"),
    # or round as a setting tells them.
    "decimal",
}
# A promise of an answer; to hold one starts nothing.
PURE_NAMES = {"concurrent.futures.Future"}

Requirements = Mapping[str, frozenset[str]]
"""For each contract, the contracts that it requires."""


def check_imports(module: Module, requirements: Requirements) -> Iterator[Problem]:
    """Yield every import that points up, sideways or out of a pure layer."""
    for line, level, name in imports(module.tree):
        if level > 1:
            yield line, "one dot means mine; use an absolute import for the rest"
        elif level == 0 and (message := forbidden(module.parts, name, requirements)):
            yield line, message


def imports(tree: ast.Module) -> Iterator[tuple[int, int, tuple[str, ...]]]:
    """Yield the line, the number of dots and the full name of everything that is imported."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, 0, tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom):
            module = (node.module or "").split(".")
            for alias in node.names:
                yield node.lineno, node.level, (*module, alias.name)


def forbidden(parts: tuple[str, ...], name: tuple[str, ...], requirements: Requirements) -> str:
    """Return why the module at `parts` may not import `name`, or nothing."""
    layer = parts[0]
    if layer not in LAYERS:
        return f"{layer} is a layer that tools/tidy/layers.py doesn't know"
    if name[0] != PACKAGE:
        return impure(layer, name)
    if len(name) == 1:
        return "import what you need from it, by name"
    if name[1] not in LAYERS[layer] | {layer}:
        return f"{layer} may not import {name[1]}"
    sees_all = layer in SEES_WHOLE_CONTRACTS or parts[:2] == READS_ALL_EVENTS
    if name[1] == "contracts" and not sees_all:
        return private(parts, name, requirements)
    return ""


def impure(layer: str, name: tuple[str, ...]) -> str:
    """Return why a layer may not import this from a library, or nothing."""
    library = name[0]
    known = library in PURE_LIBRARIES or library in sys.stdlib_module_names
    pure = known and library not in IMPURE_MODULES
    if layer not in PURE or pure or ".".join(name) in PURE_NAMES:
        return ""
    return f"{layer} is pure and may not import {library}"


def private(parts: tuple[str, ...], name: tuple[str, ...], requirements: Requirements) -> str:
    """Return why a module may not look into this drawer of a contract, or nothing."""
    if parts[:2] == name[1:3] or parts == ("contracts", "__init__"):
        return ""
    drawer = name[3] if len(name) > 3 else ""
    if drawer not in PUBLIC_DRAWERS:
        return f"{'.'.join(name)} is private to its contract"
    if parts[0] == "contracts" and name[2] not in requirements.get(parts[1], frozenset()):
        return f"{parts[1]} uses {name[2]} without naming it in `requires`"
    return ""


def requirements_of(modules: list[Module]) -> Requirements:
    """Return what the contracts name as `requires=…`, read from the text."""
    found: dict[str, set[str]] = {}
    for module in modules:
        if module.parts[0] != "contracts" or len(module.parts) < 3:
            continue
        required = found.setdefault(module.parts[1], set())
        for node in ast.walk(module.tree):
            if isinstance(node, ast.keyword) and node.arg == "requires":
                required |= strings(node.value)
    return {contract: frozenset(names) for contract, names in found.items()}


def strings(tree: ast.AST) -> set[str]:
    """Return every literal string below a node."""
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return {value for value in constants if isinstance(value, str)}


def cycle(requirements: Requirements) -> list[str]:
    """Return contracts that require each other in a circle, or none."""
    settled: set[str] = set()
    while ready := {
        name for name, needs in requirements.items() if name not in settled and needs <= settled
    }:
        settled |= ready
    return sorted(
        name
        for name, needs in requirements.items()
        if name not in settled and needs <= requirements.keys()
    )
