"""May a partner know who comes? Which text somebody agreed with; the texts are in wording, and an old one stays."""

SHARING_TEXT = "2026-11"
