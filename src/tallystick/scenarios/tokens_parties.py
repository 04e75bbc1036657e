"""Who plays in the story of tokens: a utility that mints, and those who get its tokens."""

import os
import time
from pathlib import Path

from tallystick.base.identifiers import RecordId
from tallystick.base.signatures import public_key
from tallystick.client.genesis import usual_genesis
from tallystick.client.ledger import Ledger
from tallystick.contracts.asset.commands import Define
from tallystick.contracts.asset.events import AssetDefined
from tallystick.contracts.asset.model import AssetParameters, Burners, Kind
from tallystick.contracts.identity.model import Founder, Role
from tallystick.core.genesis import Genesis

from .tokens_worker import Task

PROJECT = "aegis-grid"
CLASS_NAME = "energy"
SECTOR = "village"


class Parties:
    """Everybody's secrets, drawn afresh, and the ledger that they found."""

    def __init__(self) -> None:
        self.registrar, self.issuing_body, self.issuer, self.owner, self.buyer, self.claimer = (
            os.urandom(32) for _ in range(6)
        )
        self.genesis: Genesis = usual_genesis(
            "tokens",
            time=time.time_ns() // 1_000_000,
            salt=os.urandom(32),
            registrar=public_key(self.registrar),
            issuing_body=public_key(self.issuing_body),
            publisher=public_key(self.issuing_body),
            sectors=(SECTOR,),
            founders=(Founder(public_key(self.issuer), Role.ASSET_ISSUER, CLASS_NAME),),
            more={"asset": AssetParameters()},
        )

    def define(self, ledger: Ledger) -> RecordId:
        """Define the class of tokens, one series for each reading, in Wh; return its id."""
        command = Define(
            name=CLASS_NAME,
            unit="kWh",
            scale=3,
            kind=Kind.SERIAL,
            issuers=(public_key(self.issuer),),
            supply_cap=0,
            last_mint_at=0,
            transferable=True,
            burners=Burners.EITHER,
        )
        receipt = ledger.send(command, [self.issuer])
        (event,) = ledger.events(receipt)
        if not isinstance(event, AssetDefined):
            raise AssertionError("a definition reports a class")
        return event.asset

    def task(self, number: int, asset: RecordId, readings: Path, ledger: Ledger) -> Task:
        """Tell a worker what to do."""
        return Task(
            number=number,
            readings=readings,
            ledger=ledger.id,
            asset=asset,
            project=PROJECT,
            owner=public_key(self.owner),
            secret=self.issuer,
        )
