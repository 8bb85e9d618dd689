"""What a finished full scan did not meet leaves the backlog, unless so much is missing that it is doubted."""

from dataclasses import dataclass

import structlog

from connectors.contract import SourceError
from service.flow.context import Context
from service.flow.reading.remove import remove
from service.flow.reading.transfers import Became, ask_what_became, follow_transfers
from service.flow.unit_of_work import Work
from service.store.backlog import items
from service.store.database.engine import Connection
from service.store.sources import rejected_records, sources

log = structlog.get_logger()

FEW_ITEMS = 10  # a source of so few may well lose more than half of them

_DOUBT = SourceError(
    "suspicious",
    "the last full scan lacked more than half of the items known before; "
    "they are kept until a second full scan agrees",
)


@dataclass(frozen=True, slots=True)
class NothingMissing:
    """The end of a read that tells nothing of what is gone. ``suspected``: a scan that is still doubted."""

    suspected: float | None

    @property
    def doubt(self) -> SourceError | None:
        return None if self.suspected is None else _DOUBT

    async def remove_missing(self, _work: Work) -> int:
        return 0


@dataclass(frozen=True, slots=True)
class ScanEnd:
    """``missing`` are item ids that are to go, ``became`` what the tracker says of them.

    ``unnamed``: a record could not be read and nobody knows which item it is: those that are missing are
    read by their ids before they go.
    """

    source: str
    missing: frozenset[str]
    became: Became
    unnamed: bool
    suspected: float | None

    @classmethod
    async def of(cls, context: Context, source: str, scan: float, suspected: float | None) -> "ScanEnd":
        """A scan that lacks too much waits for a second one, and only what both lack goes then.

        Raises SourceError where the tracker cannot be asked what became of the missing ones.
        """
        async with context.database.read() as connection:
            missing, unnamed = await _missing(connection, source, scan)
            total = await sources.count_items(connection, source)
            held = None
            if len(missing) > total / 2 and total > FEW_ITEMS:
                agreed = set() if suspected is None else (await _missing(connection, source, suspected))[0]
                held = scan if len(agreed) < len(missing) else None
                log.warning(
                    "source.suspicious", source=source, missing=len(missing), total=total, held=bool(held)
                )
                missing = agreed
        became = {} if unnamed else await ask_what_became(context, source, missing)
        return cls(source, frozenset(missing), became, unnamed, held)

    @property
    def doubt(self) -> SourceError | None:
        return None if self.suspected is None else _DOUBT

    async def remove_missing(self, work: Work) -> int:
        """How many went. What the tracker could not be asked for stays."""
        if self.unnamed:
            places = await items.places(work.connection, sorted(self.missing))
            work.announce(self.source, [native_id for _, native_id in places])
            return 0
        following = await follow_transfers(work, self.became)
        return await remove(work, self.source, sorted(self.became.keys() - following))


async def _missing(connection: Connection, source: str, scan: float) -> tuple[set[str], bool]:
    """Items that no read met since then, and whether a record that could not be read may be any of them.

    An item of which the record could not be read was met.
    """
    rejected = await rejected_records.keys(connection, source)
    missing = {
        item_id for item_id, key in await items.unseen(connection, source, scan) if key not in rejected
    }
    return missing, not rejected <= await items.keys_among(connection, source, rejected)
