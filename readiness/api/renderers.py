"""Answers that are no JSON: handed out as they are."""

from typing import Any

from rest_framework.renderers import JSONRenderer


class AsItIs(JSONRenderer):
    """A text as it is; a refusal stays a problem document."""

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        if isinstance(data, str):
            return data.encode()
        return super().render(data, "application/json", renderer_context)


class YamlRenderer(AsItIs):
    media_type = "application/yaml"
    format = "yaml"
