"""Tests of connectors.mapping."""
