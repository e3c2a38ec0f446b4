"""Every component of the library in its group, with its inputs and its style sheet, as its template says them."""

import re
from dataclasses import dataclass

from django.contrib.staticfiles import finders
from django.template import Engine

GROUPS: dict[str, tuple[str, ...]] = {
    "The frame of a page": (
        "brand", "nav_link", "bell", "user_menu", "theme_switch", "page_header", "breadcrumb", "tabs", "messages",
        "keyboard_help",
    ),
    "Containers": ("card", "card_head", "disclosure", "menu", "alert", "empty_state", "confirm", "toast"),
    "Words and marks": ("badge", "avatar", "quote", "word_diff"),
    "Actions": ("button", "copy"),
    "Lists and figures": (
        "table", "sort_header", "pager", "timeline", "key_values", "kv", "stat", "progress", "ring", "tally", "track",
    ),
    "Forms": (
        "field", "field_errors", "field_group", "form_errors", "form_fields", "radio_cards", "filter_bar",
        "filter_choice", "filter_rest", "combobox", "combobox_several", "combobox_list",
    ),
    "Charts": (
        "chart_bar_list", "chart_burn_up", "chart_columns", "chart_curves", "chart_donut", "chart_funnel",
        "chart_heat_map", "chart_histogram", "chart_levels", "chart_line", "chart_profile", "chart_schedule",
        "chart_sparkline", "chart_stacked_bar", "chart_table",
    ),
}  # fmt: skip
LOOKS_IN = {
    "brand": "shell",
    "nav_link": "shell",
    "user_menu": "shell",
    "theme_switch": "shell",
    "messages": "alert",
    "card_head": "card",
    "sort_header": "table",
    "chart_table": "chart",
    "kv": "key_values",
    "field_errors": "field",
    "field_group": "field",
    "form_errors": "field",
    "form_fields": "field",
    "filter_choice": "filter_bar",
    "filter_rest": "filter_bar",
    "combobox_several": "combobox",
    "combobox_list": "combobox",
}
"""Parts of a greater one, whose style sheet is theirs; every other component has one of its own name."""
_FIRST = re.compile(r"\{#\s*(\w+):\s*(.*?)\s*#\}", re.S)


@dataclass(frozen=True)
class Entry:
    """A component: its name, what it is given, and its style sheet below ``ui/components/``."""

    name: str
    inputs: str
    sheet: str

    @property
    def has_sheet(self) -> bool:
        return finders.find(f"ui/components/{self.sheet}.css") is not None


@dataclass(frozen=True)
class Group:
    name: str
    entries: tuple[Entry, ...]


def catalogue() -> list[Group]:
    return [Group(name, tuple(_entry(one) for one in names)) for name, names in GROUPS.items()]


def _entry(name: str) -> Entry:
    source = Engine.get_default().get_template(f"components/{name}.html").source
    said = _FIRST.match(source)
    return Entry(name, said[2] if said else "", LOOKS_IN.get(name, name))
