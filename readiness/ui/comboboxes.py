"""A choice out of more than a page can hold: a text field that finds while one types, and one that gathers several.

Without JavaScript it is a text field with a short list of what is likely; what it may mean is said by its form, which
offers the possible ones where there are several.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django import forms

from readiness.ui.parts import Match

Matches = Callable[[], Iterable[Match]]


class Typed(str):
    """What stands in the field, with what was picked of the offered ones below it."""

    picked: tuple[str, ...] = ()


class Gathered(list[str]):
    """What is chosen, by key, and what was typed beside it to choose more."""

    adding: Typed = Typed()


def nothing_likely() -> Iterable[Match]:
    return ()


class Combobox(forms.TextInput):
    """``search`` is the address that finds, ``likely`` what the short list holds, asked for when it is drawn.

    ``offered`` are those that the words may mean: shown below the field to pick one, or several of them.
    """

    template_name = "components/combobox.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, several: bool = False) -> None:
        super().__init__(attrs)
        self.several = several
        self.search = ""
        self.likely: Matches = nothing_likely
        self.offered: list[Match] = []

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Typed | None:
        value = data.get(name)
        if value is None:
            return None
        typed = Typed(value)
        typed.picked = tuple(_all_of(data, f"{name}-pick"))
        return typed

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"] |= {
            "search": self.search,
            "likely": list(self.likely()),
            "offered": self.offered,
            "picked": getattr(value, "picked", ()),
            "pick_type": "checkbox" if self.several else "radio",
        }
        return context


class GatheringCombobox(forms.Widget):
    """What is chosen as boxes that can be unticked, and a combobox that adds to them."""

    template_name = "components/combobox_several.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.adding = Combobox(several=True)
        self.chosen: list[Match] = []

    def __deepcopy__(self, memo: dict[int, Any]) -> "GatheringCombobox":
        copied = super().__deepcopy__(memo)
        copied.adding, copied.chosen = Combobox(several=True), []
        return copied

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> Gathered:
        gathered = Gathered(_all_of(data, name))
        gathered.adding = self.adding.value_from_datadict(data, files, f"{name}-add") or Typed()
        return gathered

    def value_omitted_from_data(self, data: Mapping[str, Any], files: Any, name: str) -> bool:
        return False  # boxes that are not ticked are not sent

    def id_for_label(self, id_: str) -> str:
        return f"{id_}-add" if id_ else id_

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """``chosen``: what stands here or stood here before; ticked is what ``value`` names.

        With ``hx-swap-oob`` among ``attrs`` it takes the place of itself on the page.
        """
        context = super().get_context(name, value, attrs)
        own = context["widget"]["attrs"]
        handed = {key: word for key, word in own.items() if key == "aria-invalid"}
        handed["id"] = f"{own.get('id', name)}-add"
        ticked = set(value or ())
        context["widget"] |= {
            "id": f"{own.get('id', name)}-several",
            "swapped": "hx-swap-oob" in own,
            "chosen": [(one, one.key in ticked) for one in self.chosen],
            "adding": self.adding.get_context(f"{name}-add", getattr(value, "adding", ""), handed)["widget"],
        }
        return context

    def format_value(self, value: Any) -> str | None:
        return None


def _all_of(data: Mapping[str, Any], name: str) -> list[str]:
    """Every value of this name, of a form that was sent or of a plain mapping."""
    if hasattr(data, "getlist"):
        return list(data.getlist(name))
    value = data.get(name, [])
    return list(value) if isinstance(value, list | tuple) else [value]
