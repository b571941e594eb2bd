"""Finding rooms: filters, order, words, counts and saved views."""
