"""What all rooms raise: one base for whatever the service means to say, and what is not there."""


class AttuneError(Exception):
    """Base of every error that the service raises on purpose; anything else is a fault of ours."""


class NotFound(AttuneError):
    """There is no such thing, or none that the one who asks may see.

    ``kind`` is what people call it ("item", "dependency", "source"); ``id`` is what was asked for.
    """

    def __init__(self, kind: str, id: str) -> None:
        super().__init__(f"There is no such {kind}.")
        self.kind = kind
        self.id = id
