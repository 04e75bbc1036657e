"""A genesis for the usual ledger: measurements and certificates, and what else is wanted."""

from collections.abc import Callable, Mapping, Sequence

from msgspec.structs import replace

from tallystick.base.encoding import Record, encode
from tallystick.base.identifiers import PublicKey
from tallystick.contracts.certificate.model import CertificateParameters
from tallystick.contracts.identity.model import EVERYWHERE, Founder, IdentityParameters, Role
from tallystick.contracts.measurement.model import MeasurementParameters
from tallystick.core.contract import Contract
from tallystick.core.genesis import Genesis, Section

LIFETIME_MILLISECONDS = 120_000
IDS_MAX = 4_000_000
INTERVAL_SECONDS = (300, 900, 1_800, 3_600)


def usual_genesis(  # noqa: PLR0913 - one per decision that founds a ledger.
    name: str,
    *,
    time: int,
    salt: bytes,
    registrar: PublicKey,
    issuing_body: PublicKey,
    publisher: PublicKey,
    sectors: Sequence[str],
    interval_seconds: Sequence[int] = INTERVAL_SECONDS,
    certificates: CertificateParameters | None = None,
    founders: Sequence[Founder] = (),
    more: Mapping[str, Record] | None = None,
) -> Genesis:
    """
    Return a genesis with one registrar, and one issuing body and publisher for every sector.

    `founders` are further keys with roles. `more` names further contracts with their parameters,
    required ones first. `time` is block 0's [ms since the epoch, UTC]; `salt` is 32 random bytes,
    the caller's to draw.
    """
    authorities = [Founder(key=registrar, role=Role.REGISTRAR, scope=EVERYWHERE)]
    for sector in sectors:
        authorities.append(Founder(key=issuing_body, role=Role.ISSUING_BODY, scope=sector))
        authorities.append(Founder(key=publisher, role=Role.PUBLISHER, scope=sector))
    authorities.extend(founders)
    return Genesis(
        name=name,
        time=time,
        lifetime_max=LIFETIME_MILLISECONDS,
        ids_max=IDS_MAX,
        sections=(
            _section("identity", IdentityParameters(authorities=tuple(authorities))),
            _section(
                "measurement",
                MeasurementParameters(
                    sectors=tuple(sectors), interval_seconds=tuple(interval_seconds)
                ),
            ),
            _section("certificate", certificates or CertificateParameters()),
            *(_section(contract, parameters) for contract, parameters in (more or {}).items()),
        ),
        salt=salt,
    )


def genesis_of(
    key_of: Callable[[Role], PublicKey],
    *,
    name: str,
    time: int,
    salt: bytes,
    sectors: Sequence[str],
    interval_seconds: Sequence[int],
    contracts: Sequence[Contract],
) -> Genesis:
    """
    Return a genesis in which all contracts are in force and somebody holds every role.

    `key_of` says who, such as a wallet's `role_key`: to begin with, one person may play everybody.
    Contracts other than the usual ones begin with the parameters that they name themselves.
    """
    usual = ("identity", "measurement", "certificate")
    sectoral = (Role.REGISTRAR, Role.ISSUING_BODY, Role.PUBLISHER)
    return usual_genesis(
        name,
        time=time,
        salt=salt,
        registrar=key_of(Role.REGISTRAR),
        issuing_body=key_of(Role.ISSUING_BODY),
        publisher=key_of(Role.PUBLISHER),
        sectors=sectors,
        interval_seconds=interval_seconds,
        founders=[Founder(key_of(each), each, EVERYWHERE) for each in Role if each not in sectoral],
        more={each.name: each.parameters() for each in contracts if each.name not in usual},
    )


def with_parameters(genesis: Genesis, parameters: Mapping[str, Record]) -> Genesis:
    """Return a genesis in which some contracts, by name, begin with other parameters."""
    sections = (
        replace(each, parameters=encode(parameters[each.contract]))
        if each.contract in parameters
        else each
        for each in genesis.sections
    )
    return replace(genesis, sections=tuple(sections))


def _section(contract: str, parameters: Record) -> Section:
    """Return a contract's part of a genesis."""
    return Section(contract=contract, version=1, parameters=encode(parameters))
