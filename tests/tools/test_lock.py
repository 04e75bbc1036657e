"""One lock file serves two kinds of machine and says nothing about where files come from."""

import re
import tomllib
from pathlib import Path

from tools import lock

ROOT = Path(__file__).resolve().parent.parent.parent

USUAL = "a==1 \\\n    --hash=sha256:aa\nb==2 \\\n    --hash=sha256:bb\n# A remark.\nc==3 \\\n"
INTEL_MAC = "a==1 \\\n    --hash=sha256:aa\nb==1 \\\n    --hash=sha256:b0\n"


def test_entries_that_agree_are_kept_and_the_others_are_marked() -> None:
    """What only one kind of machine gets carries the marker of that kind."""
    expected = (
        "a==1 \\\n    --hash=sha256:aa\n"
        f"b==2 ; {lock.ELSEWHERE} \\\n    --hash=sha256:bb\n"
        f"b==1 ; {lock.INTEL_MAC} \\\n    --hash=sha256:b0\n"
        f"c==3 ; {lock.ELSEWHERE} \\\n"
    )
    assert expected == lock.merge(lock.blocks(USUAL), lock.blocks(INTEL_MAC))


def test_the_lock_file_holds_versions_and_hashes_and_nothing_else() -> None:
    """Every line is a version or a hash: no index, no folder, no option."""
    line = re.compile(r"[a-z0-9-]+==[\w.]+( ; [^\\]+)? \\|    --hash=sha256:[0-9a-f]{64}( \\)?")
    strange = [text for text in lock.LOCK.read_text().splitlines() if not line.fullmatch(text)]
    assert [] == strange


def test_everything_that_is_required_is_locked() -> None:
    """A requirement, and the backend that builds the package, has an entry."""
    pyproject = (ROOT / "pyproject.toml").read_text()
    required = lock.names(pyproject) + tomllib.loads(pyproject)["build-system"]["requires"]
    names = {re.split(r"[<>=]", name)[0] for name in required}
    assert set() == names - lock.blocks(lock.LOCK.read_text()).keys()
