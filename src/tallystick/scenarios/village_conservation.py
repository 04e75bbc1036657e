"""Where every watt-hour of the village's production is, as the read model has it."""

from collections.abc import Iterable, Mapping
from typing import Any

from tallystick.base.identifiers import RecordId

from .ledger_facts import Conservation
from .village_data import TECHNOLOGIES, Village

HELD, LOCKED, CLAIMED, WITHDRAWN, EXPIRED = "held", "locked", "claimed", "withdrawn", "expired"
PLACES = {"active": HELD, "locked": LOCKED, "claimed": CLAIMED, "withdrawn": WITHDRAWN}


def conservation(
    village: Village,
    holdings: Iterable[Mapping[str, Any]],
    meter_by_measurement: Mapping[RecordId, int],
) -> tuple[Conservation, ...]:
    """
    Add up certificates by technology and by what became of them.

    Technologies are told by meter, since parks and roofs share their codes. The holdings are rows
    of the read model: a leaf counts where it is, the issued certificate of each tree as issued.
    """
    issued: dict[str, int] = {}
    places: dict[tuple[str, str], int] = {}
    for row in holdings:
        technology = village.meters[meter_by_measurement[row["measurement"]]].technology
        if technology is None:
            raise AssertionError("a certificate stands on the consumption of a home")
        if row["certificate"] == row["measurement"]:
            issued[technology.label] = issued.get(technology.label, 0) + row["amount_wh"]
        if row["leaf"]:
            place = technology.label, PLACES[row["status"]]
            places[place] = places.get(place, 0) + row["amount_wh"]
    return tuple(
        Conservation(
            label=each.label,
            measured_wh=_measured(village, each.label),
            issued_wh=issued.get(each.label, 0),
            held_wh=places.get((each.label, HELD), 0),
            locked_wh=places.get((each.label, LOCKED), 0),
            claimed_wh=places.get((each.label, CLAIMED), 0),
            withdrawn_wh=places.get((each.label, WITHDRAWN), 0),
            expired_wh=0,
        )
        for each in TECHNOLOGIES
    )


def _measured(village: Village, label: str) -> int:
    """Return what the meters of a technology counted. [Wh]"""
    return sum(
        sum(row)
        for meter, row in zip(village.meters, village.energy_wh, strict=True)
        if meter.technology is not None and meter.technology.label == label
    )
