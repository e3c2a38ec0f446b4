"""In which language a person is spoken to: their own choice."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from readiness.accounts.models import User
from readiness.actions.errors import FieldError, Invalid
from readiness.audit.recording import Actor, record


@transaction.atomic
def choose_language(user: User, language: str, at: datetime) -> User:
    """Choose one's own language, a code of ``settings.LANGUAGES``; "" is whatever one's browser asks for.

    Raises Invalid for a language that is not spoken here.
    """
    errors = language_errors("language", language) if language else []
    if errors:
        raise Invalid(errors)
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    if person.language == language:
        return person
    before, person.language = person.language, language
    person.save(update_fields=["language"])
    data = {"username": person.username, "changed": {"language": [before, language]}}
    record(Actor.person(person), "language.chosen", data, at)
    return person


def language_errors(field: str, language: str) -> list[FieldError]:
    """What is wrong with a language that was named."""
    if language in dict(settings.LANGUAGES):
        return []
    return [FieldError(field, "unknown_word", _("One of the languages that are spoken here."))]
