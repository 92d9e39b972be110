"""The rules of the house, on the standard library alone."""
