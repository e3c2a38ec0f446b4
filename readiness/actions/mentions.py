"""Whom a text speaks to: ``@username`` at the start of a word."""

import re
from collections.abc import Mapping, Sequence

from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from gates.models import Initiative
from readiness.accounts.audience import who_may_see
from readiness.accounts.models import User
from readiness.actions.errors import FieldError

MENTION = re.compile(r"(?<![\w.@+\-/=&?#:])@([A-Za-z0-9_][A-Za-z0-9_.@+-]{0,59})(?![A-Za-z0-9_@+-])")
"""A mention as it is written. Not within a word, an address of mail or a link."""

MOST_MENTIONS = 20
_SENTENCE_ENDS = ".-+@"


def spellings(word: str) -> list[str]:
    """What a written name may mean, the longest first: a full stop or dash after it may belong to the sentence."""
    found = [word.lower()]
    while word and word[-1] in _SENTENCE_ENDS:
        word = word[:-1]
        if word:
            found.append(word.lower())
    return found


def written_names(body: str) -> list[str]:
    """Every name that is written after an @, each once, in the order of the text."""
    return list(dict.fromkeys(match[1] for match in MENTION.finditer(body)))


def find_mentioned(initiative: Initiative, body: str) -> tuple[list[User], list[FieldError]]:
    """Whom a text mentions, each once, and what is wrong: names of nobody who may see the initiative. One query.

    A name that nobody has and the name of somebody who may not see it are told alike: neither shows who exists.
    """
    written = written_names(body)
    if not written:
        return [], []
    asked = {spelling for word in written for spelling in spellings(word)}
    rows = who_may_see(initiative).alias(lowered=Lower("username")).filter(lowered__in=asked)
    people = {person.username.lower(): person for person in rows}
    found = {word: _first(spellings(word), people) for word in written}
    unknown = [word for word, person in found.items() if person is None]
    if unknown:
        return [], [_unknown(unknown)]
    mentioned = list({person.pk: person for person in found.values() if person is not None}.values())
    if len(mentioned) > MOST_MENTIONS:
        message = _("Mention at most %(count)s people at once.") % {"count": MOST_MENTIONS}
        return [], [FieldError("body", "too_many_mentions", message)]
    return mentioned, []


def _first(names: Sequence[str], people: Mapping[str, User]) -> User | None:
    return next((people[name] for name in names if name in people), None)


def _unknown(words: Sequence[str]) -> FieldError:
    names = ", ".join(f"@{word.rstrip(_SENTENCE_ENDS) or word}" for word in words[:5])
    message = _("Nobody who may see this initiative goes by %(names)s. Mend the name or leave out the @.")
    return FieldError("body", "unknown_mention", message % {"names": names})
