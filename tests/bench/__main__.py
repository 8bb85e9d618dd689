"""attune's figures beside its peers', in one run: ``make bench``, or ``python -m tests.bench [PART …]``.

Each part starts what it needs in processes of its own and prints a table.
"""

import asyncio
import sys
from collections.abc import Awaitable, Callable

from tests.bench import answering, judging, reading, supposing, telling

PARTS: dict[str, Callable[[], Awaitable[None]]] = {
    "read": reading.bench,
    "answer": answering.bench,
    "tell": telling.bench,
    "judge": judging.bench,
    "what-if": supposing.bench,
}


async def main(names: list[str]) -> None:
    for name in names or PARTS:
        await PARTS[name]()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
