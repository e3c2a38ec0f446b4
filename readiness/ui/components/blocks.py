"""How a tag with an end tag renders its template."""

from typing import Any

from django.template import Context
from django.template.engine import Engine
from django.utils.safestring import SafeString, mark_safe


def render(context: Context, name: str, values: dict[str, Any]) -> SafeString:
    """A component's template with `values`, and of the page's context only the request and the CSRF token."""
    given = {"request": context.get("request"), "csrf_token": context.get("csrf_token"), **values}
    return Engine.get_default().get_template(f"components/{name}.html").render(context.new(given))


def trimmed(content: str) -> SafeString:
    """What stood inside a block tag, already escaped by the template that rendered it, without its margins."""
    return mark_safe(content.strip())  # noqa: S308
