"""How do we make secrets and look them up? Random tokens; what opens a right once is kept as a digest only."""

import hashlib
import secrets


def new_token() -> str:
    """256 random bits, safe in an address."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """What the database keeps of a token it must recognise but not repeat (SHA-256, hex)."""
    return hashlib.sha256(token.encode()).hexdigest()
