"""Sessions: signing in, refreshing, signing out, tickets for sockets. Times are wall-clock: security limits."""
