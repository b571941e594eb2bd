"""Where alarms come from. A source takes what its protocol brings, and acknowledges what the hub has answered for."""
