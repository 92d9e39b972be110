"""Does docs/production.md hold? Its steps are carried out in a fresh Debian in a folder, while people visit."""
