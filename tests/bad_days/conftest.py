"""Neighbours that can be away: a mail server of our own, besides the provider's sandbox."""

from tests.mail.conftest import post_office  # noqa: F401
