"""The REST API for readers: the document `/schema/openapi.json` and its page at `/schema`.

Everything on the page comes from this hub: a plant network sees no other host.
"""

from typing import Any, Final

from litestar import Request, Response, get
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin

from hub.wire.examples import EXAMPLES
from hub.wire.problems import CODES

# The viewer's own files come with the web app; no script stands in the page, so the strict policy holds here too.
PAGE = b"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Andon Hub API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/apidocs/swagger-ui.css">
</head>
<body>
<div id="api"></div>
<script src="/apidocs/swagger-ui-bundle.js"></script>
<script src="/apidocs/start.js"></script>
</body>
</html>
"""
START = b'SwaggerUIBundle({url: "/schema/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null})\n'


class Page(OpenAPIRenderPlugin):
    """Shows `/schema/openapi.json`."""

    def __init__(self) -> None:
        super().__init__(path="/")

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """The page is the same for every schema: it asks for it."""
        return PAGE


REFUSALS: Final = ("invalid", "token_invalid", "forbidden", "not_found", "rate_limited", "db_unavailable")
METHODS: Final = frozenset({"get", "put", "post", "patch", "delete"})


class Document(JsonRenderPlugin):
    """The document, completed with what the framework does not know of our refusals."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """JSON of the completed document."""
        return super().render(request, completed(openapi_schema))


def completed(document: dict[str, Any]) -> dict[str, Any]:
    """Every operation may be refused with a problem; requests take no unknown member, and have an example. Pure."""
    schemas = {name: _closed(name, schema) for name, schema in document["components"]["schemas"].items()}
    schemas["Problem"] = PROBLEM
    operations = {
        path: {name: _operation(part) if name in METHODS else part for name, part in parts.items()}
        for path, parts in document["paths"].items()
    }
    return {**document, "paths": operations, "components": {**document["components"], "schemas": schemas}}


def _closed(name: str, schema: dict[str, Any]) -> dict[str, Any]:
    if name not in EXAMPLES:
        return schema
    return {**schema, "additionalProperties": False, "examples": [EXAMPLES[name]]}


def _operation(operation: dict[str, Any]) -> dict[str, Any]:
    answers = {status: _answer(status, told) for status, told in operation["responses"].items() if status != "400"}
    return {**operation, "responses": {**answers, "default": REFUSED}}


def _answer(status: str, answer: dict[str, Any]) -> dict[str, Any]:
    return {name: part for name, part in answer.items() if name != "content" or status != "204"}


def _problem(code: str) -> dict[str, Any]:
    status, title = CODES[code]
    request = "0199a7c0-7e1c-7d5e-9a51-3d0f2c1b8a10"
    told = {"type": f"urn:andon:problem:{code}", "title": title, "status": int(status), "detail": title, "code": code}
    return {**told, "request_id": request}


PROBLEM: Final = {
    "type": "object",
    "description": "RFC 9457; act on `code`, `detail` is for people.",
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "enum": sorted(CODES)},
        "request_id": {"type": "string"},
        "field": {"type": "string", "description": "What is wrong, where it is one thing"},
        "retry_after": {"type": "number", "description": "Seconds to wait"},
    },
    "required": ["type", "title", "status", "detail", "code", "request_id"],
}
REFUSED: Final = {
    "description": "Refused; the codes stand in docs/reference/codes.md",
    "content": {
        "application/problem+json": {
            "schema": {"$ref": "#/components/schemas/Problem"},
            "examples": {code: {"value": _problem(code)} for code in REFUSALS},
        }
    },
}


@get("/apidocs/start.js", include_in_schema=False, opt={"public": True})
async def start() -> Response[bytes]:
    """What the page runs."""
    return Response(START, media_type="text/javascript", headers={"cache-control": "no-cache"})


ROUTES: list[Any] = [start]
