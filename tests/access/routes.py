"""Every door of the house, as the URL resolver knows them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, reverse

_PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>")


@dataclass(frozen=True)
class Route:
    """One route: its full name, its path as ``/initiatives/{ref}/``, and the names of what stands in it."""

    name: str
    path: str
    parameters: tuple[str, ...]

    def url(self, values: dict[str, Any]) -> str:
        """Its address; ``values`` may hold more than stands in the path."""
        return reverse(self.name, kwargs={name: values[name] for name in self.parameters})


def routes() -> list[Route]:
    return list(_walk(get_resolver().url_patterns, "", "/", ()))


def _walk(
    patterns: list[URLPattern | URLResolver], namespace: str, above: str, parameters: tuple[str, ...]
) -> Iterator[Route]:
    for pattern in patterns:
        path = above + _PARAMETER.sub(r"{\1}", str(pattern.pattern))
        inside = (*parameters, *pattern.pattern.converters)
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _walk(pattern.url_patterns, inner, path, inside)
        else:
            assert pattern.name, f"{path} has no name"
            yield Route(f"{namespace}{pattern.name}", path, inside)


ROUTES = {route.name: route for route in routes()}
