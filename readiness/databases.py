"""What each database needs to keep its promises, from the address that names it."""

import environ
from django.core.exceptions import ImproperlyConfigured

env = environ.Env()


def database(url: str) -> dict[str, object]:
    """Django's settings for a database URL, with what each engine needs to keep its promises."""
    database: dict[str, object] = env.db_url_config(url)
    options = dict(database.get("OPTIONS") or {})  # type: ignore[call-overload]
    engine = str(database.get("ENGINE", ""))
    if engine.endswith("sqlite3"):
        # IMMEDIATE: a transaction that reads and then writes takes the write lock at once, instead of failing
        # with "database is locked". FULL: what was answered survives a power cut.
        options |= {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;",
        }
    elif engine.endswith("postgresql"):
        limits = {
            "statement_timeout": env.str("FIVEGATES_STATEMENT_TIMEOUT", default="15s"),
            "lock_timeout": "3s",
            "idle_in_transaction_session_timeout": "30s",
        }
        options |= {
            "connect_timeout": 3,
            # A server that vanished without a word is noticed within a minute: the limits above are its own to keep.
            "keepalives_idle": 30,
            "keepalives_interval": 10,
            "keepalives_count": 3,
            "tcp_user_timeout": 30_000,
            "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
        }
    else:
        raise ImproperlyConfigured("DATABASE_URL names neither SQLite nor PostgreSQL.")
    return database | {"OPTIONS": options, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
