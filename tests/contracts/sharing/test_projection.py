"""The read model's tables are well formed; what they say is tested with the views."""

from tallystick.contracts.sharing import CONTRACT
from tallystick.contracts.sharing.projection import PROJECTION
from tallystick.index.schema import check_table


def test_tables_can_be_made() -> None:
    """Each key comes first, and every event is folded."""
    for table in PROJECTION.tables:
        check_table(table)
    assert PROJECTION == CONTRACT.projection
    assert len(PROJECTION.tables) == len({table.name for table in PROJECTION.tables})
