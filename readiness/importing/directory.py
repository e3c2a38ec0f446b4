"""Who is here, as an import asks for it."""

from readiness.accounts.models import User
from readiness.importing.mapping import Mapping
from readiness.importing.naming import Directory, Person


def directory_for(mapping: Mapping) -> Directory:
    """Everybody, in one query; nobody where no column names people."""
    if not mapping.people:
        return Directory()
    rows = User.objects.order_by("pk").values_list("username", "name", "email", "is_active")
    return Directory(Person(*row) for row in rows.iterator())
