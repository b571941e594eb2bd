"""The page of the REST API at `/schema`. Everything on it comes from this hub: a plant network sees no other host."""

from typing import Any

from litestar import Request, Response, get
from litestar.openapi.plugins import OpenAPIRenderPlugin

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


@get("/apidocs/start.js", include_in_schema=False, opt={"public": True})
async def start() -> Response[bytes]:
    """What the page runs."""
    return Response(START, media_type="text/javascript", headers={"cache-control": "no-cache"})


ROUTES: list[Any] = [start]
