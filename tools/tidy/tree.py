"""Apply every check to every file it is for."""

import ast
from collections.abc import Iterable, Iterator
from pathlib import Path

from .addresses import check_addresses, committed, text_of
from .layers import check_imports, cycle, requirements_of
from .purity import check_purity
from .rules import check_codes, check_fields, check_rules, codes_of
from .shape import (
    check_docstrings,
    check_functions,
    check_import_time,
    check_labels,
    check_length,
    check_names,
)
from .source import PACKAGE, Module, Problem, functions, load

OTHER_FOLDERS = ("tools", "bench", "examples")
NO_MIRROR = {"__init__", "__main__"}


def problems(root: Path) -> list[str]:
    """Return every breach of the house rules below a root, as `path:line: message`."""
    source = load(root / "src" / PACKAGE)
    others = [module for folder in OTHER_FOLDERS for module in load(root / folder)]
    tests = load(root / "tests")
    found = {module.path: sorted(set(check_module(module))) for module in others}
    found |= {module.path: sorted(set(check_test(module))) for module in tests}
    for module, breaches in check_source(source, root / "tests"):
        found[module.path] = sorted(set(breaches))
    for path in committed(root):
        found[path] = [*found.get(path, []), *check_addresses(text_of(path))]
    return [
        f"{path.relative_to(root)}:{line}: {message}"
        for path, breaches in sorted(found.items())
        for line, message in breaches
    ]


def check_module(module: Module) -> Iterator[Problem]:
    """Yield what is wrong with any module, whether it is ours to ship or not."""
    yield from check_length(module)
    yield from check_test(module)


def check_test(module: Module) -> Iterator[Problem]:
    """Yield what is wrong with a test; it may be as long as its tables are."""
    yield from check_functions(module)
    yield from check_names(module)
    yield from check_docstrings(module)


def check_source(modules: list[Module], tests: Path) -> Iterator[tuple[Module, Iterable[Problem]]]:
    """Yield each module of the package with what is wrong with it."""
    requirements = requirements_of(modules)
    circle = cycle(requirements)
    codes = {m.parts[:-1]: codes_of(m) for m in modules if m.parts[-1] == "errors"}
    for module in modules:
        breaches = [
            *check_module(module),
            *check_labels(module),
            *check_import_time(module),
            *check_imports(module, requirements),
            *check_purity(module),
            *check_fields(module),
            *check_rules(module, codes.get(module.parts[:2], {})),
            *check_codes(module, codes.get(module.parts[:-1], {})),
            *check_mirror(module, tests),
        ]
        if module.parts == ("contracts", "__init__") and circle:
            breaches.append((1, f"these contracts require each other: {', '.join(circle)}"))
        yield module, breaches


def check_mirror(module: Module, tests: Path) -> Iterator[Problem]:
    """Yield modules whose behaviour no test file of the same place and name looks at."""
    name = module.parts[-1]
    if name in NO_MIRROR or not behaves(module):
        return
    folder = tests.joinpath(*module.parts[:-1])
    if not any(folder.glob(f"test_{name}.py")) and not any(folder.glob(f"test_{name}_*.py")):
        yield 1, f"no {folder.relative_to(tests.parent) / f'test_{name}.py'}"


def behaves(module: Module) -> bool:
    """Return whether a module does anything: records, rejections and protocols only declare."""
    return any(
        node.name != "__init__" and not all(declares(statement) for statement in node.body)
        for node in functions(module.tree)
    )


def declares(statement: ast.stmt) -> bool:
    """Return whether a statement is a docstring, `...` or `pass`."""
    constant = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
    return constant or isinstance(statement, ast.Pass)
