"""{% load notices %}: how many notices somebody has not read, for the bell on every page."""

from django import template

from readiness.accounts.models import User
from readiness.notices.models import Notice

register = template.Library()
MANY = 100


@register.simple_tag
def unread_notices(reader: object) -> int:
    """Counted up to 100, in one query; 0 for somebody who is not signed in."""
    if not isinstance(reader, User):
        return 0
    return Notice.objects.unread_by(reader.pk)[:MANY].count()
