"""
The read model of one ledger: it follows the blocks, and answers from what they say.

Rows and the height that they stand at change in one transaction, so whoever reads sees the ledger
as it was after one block, and whoever was interrupted goes on after the last whole batch.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, exc, make_url
from sqlalchemy.engine import URL

from tallystick.base.identifiers import LedgerId
from tallystick.core.block import Block
from tallystick.core.contract import Contract

from . import progress, sqlite, wallets
from .builder import Builder
from .errors import IndexUnavailable, OtherTables
from .queries import Queries
from .schema import build_schema

BATCH_CHANGES_MAX = 200_000
"""A batch is written when it has taken so many row changes; its blocks are whole."""


class Index:
    """Rows in a database, folded from the events of one ledger."""

    def __init__(
        self,
        database: Path | str,
        contracts: Sequence[Contract],
        ledger: LedgerId,
        *,
        wallet_keys: Path | None = None,
        rebuild_outdated: bool = False,
        batch_changes_max: int = BATCH_CHANGES_MAX,
    ) -> None:
        """
        Open the index in a file, given by its path or as `sqlite:///…`, and make it if need be.

        Raises `AnotherLedger`; and `OtherTables` if a release with other tables built it, unless
        `rebuild_outdated` says to begin it anew. `wallet_keys` is the file in which wallets keep
        which keys are theirs, apart from what others may read.
        """
        self._schema = build_schema(contracts)
        self._ledger = ledger
        self._batch_changes_max = batch_changes_max
        self._has_wallets = wallet_keys is not None
        url = database_url(database)
        self._place = str(url.database)
        self._engine: Engine = sqlite.open_engine(url, wallet_keys)
        with ExitStack() as undo:
            undo.callback(self._engine.dispose)
            self._builder = Builder(contracts, self._schema, self._engine)
            self._prepare(rebuild_outdated=rebuild_outdated)
            undo.pop_all()

    @property
    def height(self) -> int:
        """Height of the latest block in it, -1 before genesis."""
        with self.read() as queries:
            return queries.height

    def catch_up(self, blocks: Iterable[Block]) -> int:
        """
        Take blocks, such as `node.follow(index.height + 1)` gives, and return the height reached.

        Blocks that it holds already are passed over. Each batch is one transaction: what was
        interrupted is taken up again by calling this once more.
        """
        with self._transaction() as connection:
            start = here = progress.read(connection, self._schema)
        self._builder.forget()
        for block in blocks:
            if block.header.height <= start.height:
                continue
            here = here.follow(block)
            self._builder.fold(block)
            if self._builder.changes >= self._batch_changes_max:
                self._write(start, here)
                start = here
        if here != start:
            self._write(start, here)
        return here.height

    def rebuild(self) -> None:
        """Empty it, so that it begins at genesis again. Registered keys stay."""
        with self._transaction() as connection:
            self._recreate(connection)

    @contextmanager
    def read(self) -> Iterator[Queries]:
        """Give questions that all see the same height."""
        with self._transaction() as connection:
            yield Queries(connection, self._schema, has_wallets=self._has_wallets)

    def register_keys(self, wallet: str, keys: Iterable[bytes]) -> None:
        """Note that keys belong to a wallet; those that are known already stay known."""
        self._need_wallets()
        with self._transaction() as connection:
            wallets.register(connection, self._schema, wallet, keys)

    def forget_keys(self, wallet: str) -> None:
        """Forget which keys belong to a wallet."""
        self._need_wallets()
        with self._transaction() as connection:
            wallets.forget(connection, self._schema, wallet)

    def close(self) -> None:
        """Close the database."""
        self._engine.dispose()

    def _prepare(self, *, rebuild_outdated: bool) -> None:
        """Make what is missing, or refuse what is there."""
        with self._transaction() as connection:
            if not progress.is_there(connection, self._schema):
                progress.create(connection, self._schema, self._ledger)
            try:
                progress.check(connection, self._schema, self._ledger)
            except OtherTables:
                if not rebuild_outdated:
                    raise
                self._recreate(connection)
            if self._has_wallets:
                wallets.create(connection, self._schema)

    def _write(self, before: progress.Progress, after: progress.Progress) -> None:
        """Write a batch, together with how far it goes."""
        with self._transaction() as connection:
            progress.advance(connection, self._schema, before, after)
            self._builder.write(connection)
        self._builder.forget()

    def _recreate(self, connection: Connection) -> None:
        """Drop what an index made, and make it empty."""
        progress.drop(connection, self._schema)
        progress.create(connection, self._schema, self._ledger)

    @contextmanager
    def _transaction(self) -> Iterator[Connection]:
        """Give a connection whose changes all stay or all go; say what to do if there is none."""
        try:
            with self._engine.begin() as connection:
                yield connection
        except exc.OperationalError as error:
            raise IndexUnavailable(
                f"the index {self._place} cannot be used now: {error.orig}. Nothing is lost: "
                "mend that, or delete the file and let it be built again"
            ) from error
        except exc.DatabaseError as error:
            if type(error) is not exc.DatabaseError:
                raise
            raise IndexUnavailable(
                f"{self._place} is no index: {error.orig}. Delete it, or name another file"
            ) from error

    def _need_wallets(self) -> None:
        """Refuse to keep keys where others read."""
        if not self._has_wallets:
            raise ValueError(
                "keys are kept in a file of their own: open the index with wallet_keys"
            )


def database_url(database: Path | str) -> URL:
    """Return where the database is, or raise ValueError if no index can be there."""
    if isinstance(database, str) and "://" in database:
        url = make_url(database)
    else:
        url = URL.create("sqlite", database=str(database))
    if url.get_backend_name() != "sqlite":
        raise ValueError(f"an index is kept in SQLite, not in {url.get_backend_name()}")
    if url.database in (None, "", ":memory:"):
        raise ValueError("an index needs a file: its connections would not share one in memory")
    return url
