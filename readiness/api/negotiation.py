"""Which media type answers: the one asked for with the greatest weight (``q``). The framework itself looks at none."""

from collections.abc import Iterable, Iterator, Sequence

from django.http.request import MediaType
from rest_framework.exceptions import NotAcceptable
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

Weight = tuple[float, int]
UNWANTED: Weight = (0.0, 0)


class ByWeight(DefaultContentNegotiation):
    def select_renderer(  # type: ignore[override]  # what the framework passes besides is not used here
        self, request: Request, renderers: Sequence[BaseRenderer], format_suffix: str | None = None
    ) -> tuple[BaseRenderer, str]:
        """Of equal weight what is named before what a range leaves open, then the one the view names first."""
        ranges = list(_ranges(self.get_accept_list(request)))
        weights = [_weight(renderer.media_type, ranges) for renderer in renderers]
        heaviest = max(weights)
        if heaviest[0] <= 0:
            raise NotAcceptable(available_renderers=renderers)
        chosen = renderers[weights.index(heaviest)]
        return chosen, chosen.media_type


def _ranges(asked: Iterable[str]) -> Iterator[MediaType]:
    """Those that can be read; one whose parameters cannot asks for nothing."""
    for one in asked:
        try:
            yield MediaType(one)
        except (TypeError, ValueError):
            continue  # parameters in pieces, or in an encoding that nobody knows (RFC 2231)


def _weight(media_type: str, ranges: Sequence[MediaType]) -> Weight:
    """That of the range that speaks of it most closely, and how closely: 2 by its name, 1 by its kind, else 0."""
    main, _, sub = media_type.partition("/")
    found = [
        ((one.main_type != "*") + (one.sub_type != "*"), one.quality)
        for one in ranges
        if (one.main_type, one.sub_type) in ((main, sub), (main, "*"), ("*", "*"))
    ]
    if not found:
        return UNWANTED
    closely, quality = max(found)
    return quality, closely
