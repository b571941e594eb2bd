"""What crosses a process border: events, frames, requests, views, problem codes and limits. No I/O here."""
