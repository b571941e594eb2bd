"""Two ways to fail: the mapping file is wrong (its author must mend it), or a payload is (it goes to quarantine)."""


class MappingError(Exception):
    """A mapping file is wrong; the message names the file, the mapping and the field."""


class Failure(Exception):
    """A payload or one alarm in it cannot be used. `code` is one of `hub.wire.problems.CODES`."""

    def __init__(self, code: str, detail: str):
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
