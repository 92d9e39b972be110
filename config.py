"""Settings from the environment. The only reader of the environment; nothing secret has a default outside tests."""

import hashlib
import hmac
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent
INSTANCE = ROOT / "instance"
# Without a tenant: accounts of every organisation, not those of private persons.
_ENTRA = "https://login.microsoftonline.com/{}/v2.0/.well-known/openid-configuration"

# Machines that vanish say no goodbye: 20 seconds without a sign of life end a connection. Unix sockets need none of it.
_VANISHED = "&tcp_user_timeout=20000&keepalives_idle=10&keepalives_interval=5&keepalives_count=2"


class UnsafeSetting(Exception):
    """A setting that would put people, money or secrets at risk; the text names the setting, never its value."""


def _database_url(url: str) -> str:
    """Make a relative SQLite path absolute from the project root; keep PostgreSQL sessions in UTC, none waiting long.

    Who waits for a server that does not answer, or for somebody's lock, hears so well within half a minute.
    """
    prefix = "sqlite:///"
    if url.startswith(prefix) and not url.startswith(prefix + "/") and url != prefix:
        return prefix + str(ROOT / url.removeprefix(prefix))
    if url.startswith("postgresql"):
        url = "postgresql+psycopg" + url[url.index("://") :]
        if "timezone" not in url.lower():
            url += ("&" if "?" in url else "?") + "options=-c%20timezone%3DUTC%20-c%20lock_timeout%3D15s"
        if "connect_timeout" not in url:
            url += "&connect_timeout=5"
        if "tcp_user_timeout" not in url:
            url += _VANISHED
    return url


def _whole(name: str, text: str) -> int:
    """A number of things, which none may be. Raises UnsafeSetting."""
    if not (text.isascii() and text.isdigit()):
        raise UnsafeSetting(f"{name} is not a whole number of 0 or more")
    return int(text)


def _erasure_keys(*secrets: str) -> tuple[bytes, ...]:
    """The first one makes marks of who was forgotten, all of them recognise one."""
    return tuple(hmac.new(b"erasures", one.encode(), hashlib.sha256).digest() for one in secrets if one)


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Config:
    """The settings of contract.md section 2, read once at start."""

    TESTING = False
    WTF_CSRF_TIME_LIMIT = None
    WTF_I18N_ENABLED = False
    MAX_CONTENT_LENGTH = 2 * 1024 * 1024
    MAX_FORM_MEMORY_SIZE = 500_000
    MAX_FORM_PARTS = 1000
    SESSION_COOKIE_HTTPONLY = True
    SESSION_COOKIE_SAMESITE = "Lax"
    PERMANENT_SESSION_LIFETIME = timedelta(days=30)
    # Sent when it changes only: public pages are shared and must not carry anybody's cookie.
    SESSION_REFRESH_EACH_REQUEST = False
    CLOCK = staticmethod(_utc_now)
    # Whoever waited longer for their turn hears that it is busy. Everybody is to have an answer within 30 seconds, and
    # telling thousands takes a while too.
    LONGEST_WAIT_SECONDS = 10.0
    # So long a page waits for a PostgreSQL that takes a statement and says nothing. Locks end sooner: there it does.
    LONGEST_SILENCE_SECONDS = 20.0

    def __init__(self) -> None:
        env = os.environ.get
        self.DEMO = env("EVENTAPP_DEMO") == "1"
        self.ASSETS_AUTORELOAD = env("EVENTAPP_RELOAD") == "1"
        self.SECRET_KEY = env("SECRET_KEY", "")
        self.SECRET_KEY_FALLBACKS = [key for key in env("SECRET_KEY_FALLBACKS", "").split(",") if key]
        self.SQLALCHEMY_DATABASE_URI = _database_url(env("DATABASE_URL", "sqlite:///instance/eventapp.db"))
        self.PUBLIC_BASE_URL = env("PUBLIC_BASE_URL", "http://127.0.0.1:8000").rstrip("/")
        self.MOLLIE_API_KEY = env("MOLLIE_API_KEY", "")
        self.MOLLIE_API_ENDPOINT = env("MOLLIE_API_ENDPOINT", "").rstrip("/")
        self.MOLLIE_METHODS = tuple(filter(None, env("MOLLIE_METHODS", "ideal,bancontact,creditcard").split(",")))
        self.SMTP_URL = env("SMTP_URL", "")
        self.MAIL_FROM = env("MAIL_FROM", "")
        self.MAIL_REPLY_TO = env("MAIL_REPLY_TO", "")
        self.ALARM_TO = env("ALARM_TO", "")
        self.ENTRA_TENANT = env("ENTRA_TENANT", "")
        self.ENTRA_CLIENT_ID = env("ENTRA_CLIENT_ID", "")
        self.ENTRA_CLIENT_SECRET = env("ENTRA_CLIENT_SECRET", "")
        self.OIDC_DISCOVERY_URL = env("OIDC_DISCOVERY_URL", "")
        self.API_PER_MINUTE = _whole("API_PER_MINUTE", env("API_PER_MINUTE", "600"))
        self.ERASURE_KEY = env("ERASURE_KEY", "")
        self.ERASURES_FILE = env("ERASURES_FILE", str(INSTANCE / "erasures.txt"))
        self.TRUSTED_PROXIES = _whole("TRUSTED_PROXIES", env("TRUSTED_PROXIES", "0"))
        self.METRICS_TOKEN = env("METRICS_TOKEN", "")
        # The name is the library's, which reads it by itself; `eventapp serve` sets it.
        self.PROMETHEUS_MULTIPROC_DIR = env("PROMETHEUS_MULTIPROC_DIR", "")
        self._derive()

    def _derive(self) -> None:
        """Settings that follow from the others."""
        secure = self.PUBLIC_BASE_URL.startswith("https://")
        self.SESSION_COOKIE_SECURE = secure
        self.SESSION_COOKIE_NAME = "__Host-sessie" if secure else "sessie"
        self.PREFERRED_URL_SCHEME = "https" if secure else "http"
        if self.SQLALCHEMY_DATABASE_URI.startswith("sqlite"):
            self.SQLALCHEMY_ENGINE_OPTIONS: dict[str, object] = {"connect_args": {"check_same_thread": False}}
        else:
            # The connection used last is used next: that one has its statements prepared.
            self.SQLALCHEMY_ENGINE_OPTIONS = {"pool_use_lifo": True, "pool_size": 5, "max_overflow": 10}
        # What a statement was about (names, addresses) belongs in no error and so in no log.
        self.SQLALCHEMY_ENGINE_OPTIONS["hide_parameters"] = True
        # Beside the database, never in it: whoever has a copy of that cannot tell who was forgotten.
        keys = _erasure_keys(self.ERASURE_KEY, self.SECRET_KEY, *self.SECRET_KEY_FALLBACKS)
        beside = {"erasure_keys": keys, "erasures_file": self.ERASURES_FILE}
        self.SQLALCHEMY_ENGINE_OPTIONS["execution_options"] = beside
        endpoint = urlsplit(self.MOLLIE_API_ENDPOINT)
        # Chromium holds every redirect after a form to form-action. The checkout leads on to banks we cannot name.
        checkout = f"{endpoint.scheme}://{endpoint.netloc}" if endpoint.netloc else "https:"
        self.CSP_FORM_ACTION: tuple[str, ...] = (checkout,) if self.MOLLIE_API_KEY else ()
        if self.ENTRA_CLIENT_ID:
            self.OIDC_DISCOVERY_URL = self.OIDC_DISCOVERY_URL or _ENTRA.format(self.ENTRA_TENANT or "organizations")
            provider = urlsplit(self.OIDC_DISCOVERY_URL)
            self.CSP_FORM_ACTION += (f"{provider.scheme}://{provider.netloc}",)

    def check(self) -> None:
        """Refuse what is unsafe with UnsafeSetting, naming the setting."""
        if len(self.SECRET_KEY) < 32:
            raise UnsafeSetting("SECRET_KEY is missing or shorter than 32 characters")
        if not re.match(r"(sqlite|postgresql\+psycopg)://", self.SQLALCHEMY_DATABASE_URI):
            raise UnsafeSetting("DATABASE_URL is not like sqlite:///file.db or postgresql+psycopg://user@host/database")
        if self.ERASURE_KEY and len(self.ERASURE_KEY) < 32:
            raise UnsafeSetting("ERASURE_KEY is shorter than 32 characters")
        if any(len(key) < 32 for key in self.SECRET_KEY_FALLBACKS):
            raise UnsafeSetting("SECRET_KEY_FALLBACKS holds a key shorter than 32 characters")
        if self.MOLLIE_API_KEY and not self.MOLLIE_METHODS:
            raise UnsafeSetting("MOLLIE_METHODS is empty while MOLLIE_API_KEY is set")
        if self.METRICS_TOKEN and len(self.METRICS_TOKEN) < 16:
            raise UnsafeSetting("METRICS_TOKEN is shorter than 16 characters")
        if self.API_PER_MINUTE < 1:
            raise UnsafeSetting("API_PER_MINUTE is below 1")
        base = urlsplit(self.PUBLIC_BASE_URL)
        if base.scheme not in ("http", "https") or not base.netloc:
            raise UnsafeSetting("PUBLIC_BASE_URL is not an http(s) address")
        if bool(base.path) or bool(base.query):
            raise UnsafeSetting("PUBLIC_BASE_URL must not hold a path")


class TestConfig(Config):
    """Tests: a fixed moment, an own database, no mail server."""

    TESTING = True
    __test__ = False
    NOW = datetime(2027, 1, 11, 9, 0, tzinfo=UTC)

    def __init__(self, database_url: str = "sqlite://", **settings: object) -> None:
        super().__init__()
        self.DEMO = False
        self.SECRET_KEY = "only-for-tests-only-for-tests-only-for-tests"
        self.SQLALCHEMY_DATABASE_URI = _database_url(database_url)
        self.PUBLIC_BASE_URL = "http://127.0.0.1:8000"
        self.MOLLIE_API_KEY = ""
        self.MOLLIE_API_ENDPOINT = ""
        self.SMTP_URL = self.ALARM_TO = self.METRICS_TOKEN = self.ERASURE_KEY = self.ERASURES_FILE = ""
        self.ENTRA_TENANT = self.ENTRA_CLIENT_ID = self.ENTRA_CLIENT_SECRET = self.OIDC_DISCOVERY_URL = ""
        self.CLOCK = lambda: self.NOW
        for name, value in settings.items():
            setattr(self, name, value)
        self._derive()
        # Tests ask thousands of different statements of one engine; compiling one takes longer than most of them.
        self.SQLALCHEMY_ENGINE_OPTIONS["query_cache_size"] = 5000
        if "pool_size" in self.SQLALCHEMY_ENGINE_OPTIONS:
            # As many connections as otherwise, and none of them made for one visit.
            self.SQLALCHEMY_ENGINE_OPTIONS |= {"pool_size": 15, "max_overflow": 0}
