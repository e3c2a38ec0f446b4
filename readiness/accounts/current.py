"""The organisation a request is about: read when it is first asked for, and then not again."""

from django.http import HttpRequest

from readiness.accounts.models import Organisation


def organisation_of(request: HttpRequest) -> Organisation:
    found: Organisation | None = getattr(request, "_organisation", None)
    if found is None:
        found = Organisation.get()
        setattr(request, "_organisation", found)  # noqa: B010 (a request of Django's knows no such field)
    return found
