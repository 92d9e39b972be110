"""Which settings does the demo run with? All it needs, and nothing that reaches the outside world."""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

SANDBOX_KEY = "test_demosleutelzonderwaarde0123456789"


def demo_settings(
    given: Mapping[str, str], *, base_url: str, sandbox_url: str, secret: str, reload: bool
) -> dict[str, str]:
    """What to put over the environment as `given`.

    Database and public address are kept when given. A real payment key or mail server never is: nobody pays, and no
    mail leaves.
    """
    settings = {
        "EVENTAPP_DEMO": "1",
        "SECRET_KEY": secret,
        "DATABASE_URL": given.get("DATABASE_URL") or "sqlite:///instance/demo.db",
        "PUBLIC_BASE_URL": given.get("PUBLIC_BASE_URL") or base_url,
        "MOLLIE_API_KEY": SANDBOX_KEY,
        "MOLLIE_API_ENDPOINT": sandbox_url,
        "SMTP_URL": "",
    }
    if reload:
        # Flask reads templates again in debug mode; the server itself watches the code.
        settings |= {"EVENTAPP_RELOAD": "1", "FLASK_DEBUG": "1"}
    return settings


def kept_secret(file: Path) -> str:
    """The demo's own key, made at the first start and readable by its owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return file.read_text().strip()
    with os.fdopen(handle, "w") as written:
        secret = secrets.token_urlsafe(48)
        written.write(secret + "\n")
    return secret
