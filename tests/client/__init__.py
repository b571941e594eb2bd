"""Tests of hub.client."""
