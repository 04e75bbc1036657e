"""An embedded node over the toy contract, with a journal that can be made to fail."""

from collections.abc import Callable, Iterator

from tallystick.config import Configuration
from tallystick.core.block import Block
from tallystick.core.errors import Unavailable
from tallystick.core.genesis import Genesis
from tallystick.core.state import State
from tallystick.runtime.embedded import Embedded
from tallystick.runtime.signing import LogSigner
from tests.core.toy import TIME, toy_state


class ListJournal:
    """Blocks in a list; `before_append` may look at each one, or raise."""

    def __init__(self) -> None:
        self.list: list[Block] = []
        self.before_append: Callable[[Block], None] = lambda _: None

    def append(self, block: Block) -> None:
        """Keep a block."""
        self.before_append(block)
        self.list.append(block)

    def read(self, height: int) -> Block:
        """Return one block."""
        return self.list[height - 1]

    def height_at(self, time: int) -> int:
        """Return the height of the block with this time."""
        return next(each.header.height for each in self.list if each.header.time == time)

    def blocks(self, height: int = 0) -> Iterator[Block]:
        """Yield blocks from a height on."""
        yield from list(self.list[max(0, height - 1) :])

    def close(self) -> None:
        """Nothing is open."""


class House:
    """A node with everything around it in reach."""

    def __init__(
        self,
        *,
        genesis: Genesis | None = None,
        clock: Callable[[], int] | None = None,
        **settings: int,
    ) -> None:
        self.state: State = toy_state(genesis)
        self.journal = ListJournal()
        self.set_aside: list[tuple[bytes, str]] = []
        self.closed = 0
        self.node = Embedded(
            self.state,
            self.journal,
            clock=clock or (lambda: TIME + 1),
            signer=LogSigner(bytes(range(32)), name="toy"),
            set_aside=lambda raw, trace: self.set_aside.append((raw, trace)),
            on_close=self._count_close,
            configuration=Configuration(**{"verifier_processes": 0, **settings}),  # type: ignore[arg-type]
        )

    def _count_close(self) -> None:
        self.closed += 1


def full_disk(_: Block) -> None:
    """Fail as a journal does whose disk is full."""
    raise Unavailable("the disk is full")
