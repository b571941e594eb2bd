"""Tests of hub.demo."""
