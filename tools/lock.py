"""
Write requirements/dev.lock anew: every version that `./dev` installs, with its files' hashes.

The names come from pyproject.toml, the newest versions that fit from the package index. pip-tools
is needed for this alone, so it gets an environment of its own for as long as it works.
"""

import subprocess
import sys
import tempfile
import tomllib
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "dev.lock"

# A platform for which the newest version has no wheel, and what it gets instead.
INTEL_MAC = 'sys_platform == "darwin" and platform_machine == "x86_64"'
ELSEWHERE = 'sys_platform != "darwin" or platform_machine != "x86_64"'
INTEL_MAC_LIMITS = ["cryptography<49"]

# Hashes of all files, and no trace of where they were fetched from.
OPTIONS = [
    "--quiet",
    "--generate-hashes",
    "--allow-unsafe",
    "--strip-extras",
    "--no-annotate",
    "--no-header",
    "--no-emit-options",
    "--no-emit-index-url",
    "--no-emit-find-links",
    "--no-emit-trusted-host",
]


def names(pyproject: str) -> list[str]:
    """Return the requirements of the package and of its development, without versions chosen."""
    tables = tomllib.loads(pyproject)
    return [*tables["project"]["dependencies"], *tables["dependency-groups"]["dev"]]


def blocks(lock: str) -> dict[str, str]:
    """Split a lock file into its entries, each with its hashes, by package name."""
    entries: dict[str, str] = {}
    name = ""
    for line in lock.splitlines(keepends=True):
        if line.startswith("#") or not line.strip():
            continue
        if not line.startswith(" "):
            name = line.partition("==")[0]
        entries[name] = entries.get(name, "") + line
    return entries


def marked(entry: str, marker: str) -> str:
    """Return a lock entry that holds only where the marker does."""
    head, _, hashes = entry.partition(" \\\n")
    return f"{head} ; {marker} \\\n{hashes}"


def merge(usual: dict[str, str], intel_mac: dict[str, str]) -> str:
    """Return one lock file for both kinds of machine."""
    lines = []
    for name in sorted(usual.keys() | intel_mac.keys()):
        here, there = usual.get(name), intel_mac.get(name)
        if here == there and here:
            lines.append(here)
            continue
        lines += [marked(here, ELSEWHERE)] if here else []
        lines += [marked(there, INTEL_MAC)] if there else []
    return "".join(lines)


def main() -> int:
    """Resolve for both kinds of machine and write the lock file."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        venv.create(place / "venv", with_pip=True)
        python = str(place / "venv" / "bin" / "python")
        subprocess.run([python, "-m", "pip", "install", "--quiet", "pip-tools"], check=True)
        requirements = names((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

        def resolve(*limits: str) -> dict[str, str]:
            source, target = place / "dev.in", place / "dev.txt"
            target.unlink(missing_ok=True)
            source.write_text("\n".join([*requirements, *limits]) + "\n", encoding="utf-8")
            compiler = [python, "-m", "piptools", "compile", *OPTIONS]
            command = [*compiler, "--output-file", str(target), str(source)]
            subprocess.run(command, check=True, cwd=place)
            return blocks(target.read_text(encoding="utf-8"))

        LOCK.write_text(merge(resolve(), resolve(*INTEL_MAC_LIMITS)), encoding="utf-8")
    print(f"wrote {LOCK.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
