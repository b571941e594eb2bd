"""Connectors: what machines publish becomes observations at the hub. API clients only: they import hub.wire and
hub.client, nothing else of the hub, so that they can stand on a machine of their own in the OT zone."""
