"""Every request has an example, and it is a request."""

import msgspec

from hub.wire import requests, room_admin, shifts, templates
from hub.wire.examples import EXAMPLES
from hub.wire.schema import structs

REQUESTS = {
    struct.__name__: struct
    for struct in [*structs(requests), *structs(room_admin), *structs(shifts), *structs(templates)]
    if struct.__struct_config__.forbid_unknown_fields and struct is not room_admin.ViewFilters
}


def test_every_request_has_an_example_that_is_one() -> None:
    assert set(EXAMPLES) == set(REQUESTS)
    for name, example in EXAMPLES.items():
        msgspec.convert(example, REQUESTS[name])
