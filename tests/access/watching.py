"""What a request did to the database: seen statement by statement, and counted table by table."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.apps import apps
from django.db import connection

from readiness.audit.models import Chain

# A request may note that a token was used, and that somebody tried a password, whatever comes of it.
NOTED = ("accounts_token", "accounts_loginattempt")
_WRITE = re.compile(r"""^\s*(?:INSERT (?:OR IGNORE )?INTO|UPDATE|DELETE FROM)\s+"?(\w+)"?""", re.IGNORECASE)


@contextmanager
def tables_written() -> Iterator[list[str]]:
    """The tables that were written to within (also where it was undone again), but those that note something."""
    written: list[str] = []

    def see(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        found = _WRITE.match(sql)
        if found and found[1] not in NOTED:
            written.append(found[1])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(see):
        yield written


def counts() -> dict[str, int | str]:
    """How many rows every table has but those that note something, and the head of the audit chain."""
    tables = [model._meta.db_table for model in apps.get_models() if model._meta.db_table not in NOTED]
    counted = ", ".join(f'(SELECT count(*) FROM "{table}")' for table in tables)  # noqa: S608 (our own names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {counted}")
        found: dict[str, int | str] = dict(zip(tables, cursor.fetchone(), strict=True))
    return found | {"the head of the chain": Chain.objects.values_list("hash", flat=True).get()}
