"""Every table whose rows hang on an initiative, and how to take initiatives away as if they had never been."""

from collections.abc import Collection

from django.db import connection, models

from checklists.models import Answer, Assessment, Evidence, Writing
from gates.models import Initiative

Hanging = list[tuple[type[models.Model], str]]
ASSESSED = "assessment__passage__initiative"


def hanging_on_one() -> Hanging:
    """Each table, and the path from its rows to their initiative: ("pk" of its own)."""
    found: Hanging = [(Initiative, "pk"), (Answer, ASSESSED), (Evidence, ASSESSED), (Writing, ASSESSED)]
    found.append((Assessment, "passage__initiative"))
    below: Hanging = [(Initiative, "")]
    seen: set[type[models.Model]] = {Initiative}
    while below:
        above, path = below.pop()
        for relation in above._meta.get_fields(include_hidden=True):
            if not isinstance(relation, models.ForeignObjectRel) or relation.related_model in seen:
                continue
            model = relation.related_model
            assert isinstance(model, type)
            seen.add(model)
            inner = "__".join(part for part in (relation.field.name, path) if part)
            found.append((model, inner))
            below.append((model, inner))
    return found


def take_away(initiatives: Collection[int]) -> None:
    """These initiatives with all their rows, by whoever owns the database: inside a transaction that is undone.

    Constraints are looked at when a transaction ends, so the order does not matter.
    """
    rows = [
        model._base_manager.filter(
            pk__in=list(
                model._base_manager.filter(**{f"{path}__in": initiatives}).values_list("pk", flat=True)
            )
        )
        for model, path in hanging_on_one()
    ]
    _without_refusals()
    for each in rows:
        each._raw_delete(connection.alias)


def _without_refusals() -> None:
    """What the database refuses to delete can be deleted: events, decisions and what was frozen."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name, '' FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'refuse_delete_%%'"
            )
        else:
            cursor.execute(
                "SET CONSTRAINTS ALL IMMEDIATE"
            )  # else triggers wait, and a table that has some is in use
            cursor.execute(
                "SELECT tgname, ' ON ' || tgrelid::regclass FROM pg_trigger WHERE tgname LIKE 'refuse_delete_%%'"
            )
        for name, on_table in cursor.fetchall():
            cursor.execute(f"DROP TRIGGER {name}{on_table}")
        if connection.vendor != "sqlite":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
