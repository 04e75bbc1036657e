"""Tables as data become tables in SQL, of any database."""

from dataclasses import replace

import pytest
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateIndex, CreateTable

from tallystick.contracts import CONTRACTS
from tallystick.core.contract import Contract
from tallystick.core.projection import Projection, Table
from tallystick.index.schema import build_schema
from tests.index.toy import BOXES, LABELS, TOY

GOOD = Table(name="good", columns=(("id", "bytes"), ("n", "integer")), key=("id",))


def contract(*tables: Table, name: str = "some") -> Contract:
    """Return a contract that declares tables."""
    projection = Projection(tables=tables, fold=lambda _event, _time: ())
    return replace(TOY, name=name, projection=projection)


def test_tables_are_as_declared() -> None:
    """Names, order and key of columns are the contract's; nothing may be null."""
    schema = build_schema((TOY,))
    assert [BOXES.name, LABELS.name] == list(schema.tables)
    for table in (BOXES, LABELS):
        sql = schema.tables[table.name]
        assert [name for name, _ in table.columns] == sql.columns.keys()
        assert list(table.key) == [column.name for column in sql.primary_key]
        assert not any(column.nullable for column in sql.columns)


def test_indexes_end_with_the_key() -> None:
    """Rows that share the values of an index are found in the order of their keys."""
    (index,) = build_schema((TOY,)).tables[BOXES.name].indexes
    assert "toy_boxes_by_owner_label" == index.name
    assert ["owner", "label", "box"] == [column.name for column in index.columns]


def test_postgresql_has_a_form_for_everything() -> None:
    """No declaration of any real contract depends on SQLite."""
    schema = build_schema(CONTRACTS)
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]  # SQLAlchemy leaves it untyped.
    tables = [*schema.metadata.sorted_tables, schema.wallet_keys]
    texts = {table.name: str(CreateTable(table).compile(dialect=dialect)) for table in tables}
    assert all("WITHOUT ROWID" not in text for text in texts.values())
    kinds = {"bytes": "BYTEA", "integer": "BIGINT", "text": "TEXT"}
    for table in schema.declared.values():
        lines = [line.strip().replace('"', "") for line in texts[table.name].splitlines()]
        assert {f"{name} {kinds[kind]} NOT NULL," for name, kind in table.columns} <= set(lines)
    indexes = [index for table in tables for index in table.indexes]
    assert all(
        "CREATE INDEX" in str(CreateIndex(each).compile(dialect=dialect)) for each in indexes
    )


def test_versions_of_a_contract_share_their_tables() -> None:
    """A table that is declared twice in the same way is one table."""
    schema = build_schema((contract(GOOD), contract(GOOD, LABELS)))
    assert ["good", LABELS.name] == list(schema.tables)


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        (replace(GOOD, key=()), "must begin with its key"),
        (replace(GOOD, key=("n",)), "must begin with its key"),
        (replace(GOOD, indexes=(("n", "m"),)), "there is no column m to index"),
        (replace(GOOD, name="index_progress"), "the index's own"),
        (replace(GOOD, columns=(("id", "bytes"), ("n", "text"))), "good is declared in two ways"),
    ],
)
def test_wrong_declarations_are_refused(table: Table, problem: str) -> None:
    """What a contract declares wrongly is named when the index is opened."""
    with pytest.raises(ValueError, match=problem):
        build_schema((contract(GOOD), contract(table)))


@pytest.mark.parametrize(
    "other",
    [
        replace(GOOD, name="better"),
        replace(GOOD, columns=(*GOOD.columns, ("m", "integer"))),
        replace(GOOD, columns=(("id", "text"), ("n", "integer"))),
        replace(GOOD, key=("id", "n")),
        replace(GOOD, indexes=(("n",),)),
    ],
)
def test_the_fingerprint_covers_every_part_of_a_table(other: Table) -> None:
    """Whatever changes in a declaration, the index is recognised as another."""
    before, after = build_schema((contract(GOOD),)), build_schema((contract(other),))
    assert before.fingerprint != after.fingerprint


def test_the_fingerprint_does_not_depend_on_the_order_of_contracts() -> None:
    """The same tables are the same index."""
    one, two = contract(GOOD), contract(LABELS, name="two")
    assert build_schema((one, two)).fingerprint == build_schema((two, one)).fingerprint
