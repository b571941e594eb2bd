"""Search of messages: tokens, the index and its reader, queries."""
