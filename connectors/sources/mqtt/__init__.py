"""MQTT 5 brokers: one persistent session per source, acknowledged by hand."""
