"""Use cases: load and lock, ask the domain, write, leave a log row and an outbox row."""
