"""Forms: a field with its label, help and errors; summaries; big options; the bar of filters above a list."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms, template
from django.forms import BoundField
from django.template import Context
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from readiness.ui.components.blocks import render, trimmed
from readiness.ui.markup import attributes
from readiness.ui.parts import Choice, parts

register = template.Library()


def described_by(bound: BoundField, help_text: str) -> str:
    """The ids of the help and the errors, in reading order: what aria-describedby holds."""
    ids = []
    if help_text:
        ids.append(f"{bound.auto_id}_helptext")
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def own_help(bound: BoundField) -> SafeString:
    """The help text of the form's author: markup, as Django takes it. What a page passes instead is escaped."""
    return mark_safe(str(bound.help_text))  # noqa: S308


@register.inclusion_tag("components/field.html")
def field(
    bound: BoundField,
    label: str = "",
    help: str = "",
    hide_label: bool = False,
    mark_optional: bool = True,
    told_above: bool = False,
    **extra: Any,
) -> dict[str, Any]:
    """A bound form field, whole. `label` and `help` replace the form's own; the rest goes to its widget.

    Without `mark_optional` one that may be empty is not called so: what it depends on is said beside it. With
    `told_above` several errors are only counted here: the summary above has each of them.
    """
    widget = bound.field.widget
    help_text = help or own_help(bound)
    ids = described_by(bound, help_text)
    attributes(extra)  # refuses what the content security policy would block
    attrs = {name.rstrip("_").replace("_", "-"): value for name, value in extra.items()}
    if ids and not bound.use_fieldset:
        attrs["aria-describedby"] = ids
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        shape = "choices"
    else:
        shape = "check" if isinstance(widget, forms.CheckboxInput) else "plain"
    return {
        "field": bound,
        "widget": bound.as_widget(attrs=attrs),
        "label": label or bound.label,
        "help": help_text,
        "hide_label": hide_label,
        "described_by": ids,
        "errors": _counted(bound) if told_above else bound.errors,
        "shape": shape,
        "optional": mark_optional
        and not bound.field.required
        and shape == "plain"
        and not bound.field.disabled,
    }


def _counted(bound: BoundField) -> Sequence[object]:
    """Their number in place of several errors; a single one stays."""
    count = len(bound.errors)
    return [_("%(count)s mistakes; they are listed above.") % {"count": count}] if count > 1 else bound.errors


@register.inclusion_tag("components/form_errors.html")
def form_errors(
    form: forms.BaseForm | Sequence[forms.BaseForm], title: str = "", focus: bool = True
) -> dict[str, Any]:
    """What is wrong with a form, above it, each with a link to its field. Nothing while it is right.

    A list of forms that are sent together shares one summary. It takes the focus when the page opens, unless `focus`
    is False.
    """
    parts = [form] if isinstance(form, forms.BaseForm) else form
    wrong = [part[name] for part in parts for name in part.errors if name in part.fields]
    general = [error for part in parts for error in part.non_field_errors()]
    count = sum(len(bound.errors) for bound in wrong) + len(general)
    words = title or (
        _("One thing needs your attention")
        if count == 1
        else _("%(count)s things need your attention") % {"count": count}
    )
    return {"title": words, "wrong": wrong, "general": general, "count": count, "focus": focus}


@register.inclusion_tag("components/form_fields.html")
def form_fields(form: forms.BaseForm) -> dict[str, Any]:
    """The error summary, the hidden fields and every visible field of a form, one below the other."""
    return {"form": form}


@register.inclusion_tag("components/radio_cards.html")
def radio_cards(
    name: str | BoundField,
    choices: Iterable,
    legend: str = "",
    value: str = "",
    rows: bool = False,
    hide_legend: bool = False,
    required: bool = False,
    disabled: bool = False,
    id: str = "",
    **extra: Any,
) -> dict[str, Any]:
    """One of a few big options. `name` is a name, or a bound field that brings its name, value, label and errors."""
    bound = name if isinstance(name, BoundField) else None
    group = bound.html_name if bound else name
    return {
        "name": group,
        "id": id or (bound.auto_id if bound else f"id_{group}"),
        "choices": parts(Choice, choices),
        "legend": legend or (bound.label if bound else ""),
        "value": str((bound.value() if bound else value) or ""),
        "errors": bound.errors if bound else [],
        "help": own_help(bound) if bound else "",
        "rows": rows,
        "hide_legend": hide_legend,
        "required": required or bool(bound and bound.field.required),
        "disabled": disabled,
        "attributes": attributes(extra),
    }


@register.simple_block_tag(takes_context=True)
def filter_bar(
    context: Context,
    content: str,
    search: str = "q",
    placeholder: str = "",
    action: str = "",
    active: int = 0,
    ordered: bool = False,
    reset: str = "",
    target: str = "",
    **extra: Any,
) -> SafeString:
    """A GET form above a list: a search field, and the filters in the block (folded behind a button on a phone).

    `active` is how many filters are set, `ordered` whether the order is another than usual. Where they are, or
    something is searched for, the way back to none is shown (`reset`, or the page without a query). With `target`
    htmx asks at every change and replaces that element of the page, and what the bar says of its own state; without
    JavaScript one applies.
    """
    request = context.get("request")
    value = request.GET.get(search, "") if request else ""
    name = target.removeprefix("#")
    if target:
        beside = (extra.get("hx_select_oob"), f"#{name}-count", f"#{name}-clear")
        extra["hx_select_oob"] = ",".join(one for one in beside if one)
    values = {
        "search": search,
        "value": value,
        "changed": bool(active or ordered or value.strip()),
        "id": name,
        "sort": request.GET.get("sort", "") if request else "",
        "placeholder": placeholder or _("Search"),
        "action": action or (request.path if request else ""),
        "target": target,
        "active": active,
        "reset": reset or (request.path if request else ""),
        "attributes": attributes(extra),
    }
    return render(context, "filter_bar", {**values, "content": trimmed(content)})


@register.simple_block_tag(takes_context=True)
def filter_rest(context: Context, content: str, open: bool = False) -> SafeString:
    """Inside a filter bar: filters that are rarely wanted, on a desk behind a button. `open`: one of them is set."""
    return render(context, "filter_rest", {"content": trimmed(content), "open": open})


@register.inclusion_tag("components/filter_choice.html", takes_context=True)
def filter_choice(
    context: Context, name: str, label: str, choices: Iterable, value: str | None = None, any: str = ""
) -> dict[str, Any]:
    """One select of a filter bar. `choices` are (value, words) pairs; without `value` the address says it."""
    request = context.get("request")
    chosen = value if value is not None else (request.GET.get(name, "") if request else "")
    pairs = [(str(key), words) for key, words in choices]
    return {"name": name, "label": label, "choices": pairs, "chosen": str(chosen), "any": any or _("Any")}
