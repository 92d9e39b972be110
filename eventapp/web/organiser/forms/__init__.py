"""Forms of the back office, by topic."""
