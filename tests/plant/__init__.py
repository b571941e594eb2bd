"""The plant the tests run on: real PostgreSQL, two hub processes, people, machines and their sockets."""
