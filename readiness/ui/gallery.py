"""Sample data of the style guide: invented, from a world that is not the product's."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.core.paginator import Page, Paginator

from readiness.ui.catalogue import catalogue
from readiness.ui.comboboxes import Combobox, GatheringCombobox
from readiness.ui.forms import FormRenderer
from readiness.ui.icons import ICONS
from readiness.ui.parts import Match, Tone

MONDAY = date(2026, 9, 7)
MORNING = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
PORTS = ["Aalborg", "Bilbao", "Cádiz", "Dover", "Esbjerg", "Faro"]
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft of the northern harbours"
MASTERS = [
    Match(value="Ines Duarte (ines)", label="Ines Duarte", hint="@ines · Harbour office", key="ines"),
    Match(value="Jonas Berg (jonas)", label="Jonas Berg", hint="@jonas", key="jonas"),
    Match(value=f"{LONG} (long)", label=LONG, hint="@long · Overseas", key="long"),
]
SIZES = [("s", "Small"), ("m", "Middle"), ("l", "Large")]


class SampleForm(forms.Form):
    """One field of each kind of widget."""

    name = forms.CharField(max_length=80, help_text="As it stands on the hull.")
    size = forms.ChoiceField(choices=SIZES)
    built = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}), required=False)
    crew = forms.IntegerField(min_value=1, max_value=99)
    notes = forms.CharField(widget=forms.Textarea(attrs={"rows": 4}), required=False)
    papers = forms.FileField(required=False, help_text="PDF, up to 25 MB.")
    cargo = forms.MultipleChoiceField(
        choices=[("grain", "Grain"), ("steel", "Steel"), ("salt", "Salt")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    flag = forms.ChoiceField(choices=[("dk", "Denmark"), ("es", "Spain")], widget=forms.RadioSelect)
    insured = forms.BooleanField(required=False, help_text="For the whole season.")
    master = forms.CharField(widget=Combobox({"placeholder": "Name of a master"}), help_text="Who sails her.")
    hands = forms.Field(widget=GatheringCombobox(), required=False, label="Further hands")
    berth = forms.CharField(disabled=True, required=False, initial="Given by the harbour")
    secret = forms.CharField(widget=forms.HiddenInput, required=False, initial="x")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        master, hands = self.fields["master"].widget, self.fields["hands"].widget
        master.likely = lambda: MASTERS[:2]
        hands.adding.likely = lambda: MASTERS[:2]
        hands.chosen = MASTERS
        self.initial = {**self.initial, "hands": ["ines", "jonas"]}
        if self.is_bound:
            master.offered = hands.adding.offered = MASTERS

    def clean(self) -> dict[str, Any]:
        if self.cleaned_data.get("size") == "s":
            raise forms.ValidationError("A small ship cannot sail in winter.")
        return self.cleaned_data


class SmallForm(forms.Form):
    """As it looks when it is rendered by name alone: {{ form }}."""

    default_renderer = FormRenderer

    berth = forms.CharField(max_length=20)
    since = forms.DateField(required=False, widget=forms.DateInput(attrs={"type": "date"}))


def form_with_errors(prefix: str) -> SampleForm:
    """The sample form as it comes back after a hasty entry."""
    typed = {"name": "", "size": "s", "built": "2026-02-28", "crew": "200", "notes": "Leaves at dawn."}
    typed |= {"master": "Duarte", "master-pick": MASTERS[0].value, "hands": "jonas", "hands-add": "In"}
    form = SampleForm({f"{prefix}-{key}": value for key, value in typed.items()}, prefix=prefix)
    form.add_error("master", "“Duarte” may mean several people. Choose below who is meant.")
    return form


def figures() -> dict[str, Any]:
    """Samples of the components that show how things stand."""
    steps = [
        {"name": "Hull", "status": "Passed", "tone": "good", "sublabel": "4 of 4", "href": "#track"},
        {"name": "Engine", "status": "Passed with conditions", "tone": "good", "sublabel": "3 of 4"},
        {"name": "Rigging", "status": "In review", "tone": "info", "icon": "clock", "sublabel": "9 days"},
        {"name": "Crew", "status": "Open", "sublabel": "2 of 4", "current": True, "icon": "partial"},
        {"name": "Papers", "status": "Locked", "tone": "muted", "icon": "lock", "sublabel": "0 of 4"},
    ]
    marks = [
        {"label": "Keel: done", "tone": "good", "icon": "check", "href": "#tally"},
        {"label": "Mast: half done", "tone": "warning", "icon": "partial"},
        {"label": "Anchor: not done", "tone": "critical", "icon": "cross"},
        {"label": "Lantern: no word yet", "tone": "muted", "icon": "unanswered"},
    ]
    entries = [
        {
            "title": "Passed the inspection",
            "when": MORNING,
            "who": "Ines Duarte",
            "tone": "good",
            "body": "All twelve points in order. The next one is due in a year.",
        },
        {
            "title": "Papers handed in",
            "when": MORNING - timedelta(days=6),
            "who": "Jonas Berg",
            "icon": "file",
        },
        {
            "title": "Leak found below the waterline",
            "when": (MORNING - timedelta(days=21)).date(),
            "who": "Harbour office",
            "tone": "warning",
        },
        {"title": "Entered in the register", "when": "spring 2026", "tone": "muted", "icon": "plus"},
    ]
    answers = [
        {"value": "yes", "label": "Done", "hint": "Seen and tested.", "tone": "good", "icon": "check-circle"},
        {"value": "half", "label": "Half done", "hint": "Begun.", "tone": "warning", "icon": "partial"},
        {
            "value": "no",
            "label": "Not done",
            "hint": "Not begun.",
            "tone": "critical",
            "icon": "cross-circle",
        },
        {"value": "", "label": "No word yet", "hint": "", "tone": "neutral", "icon": "unanswered"},
    ]
    shortcuts = [{"keys": ("/",), "label": "Search"}, {"keys": ("g", "h"), "label": "Go home"}]
    return {
        "steps": steps,
        "marks": marks,
        "entries": entries,
        "answers": answers,
        "shortcuts": shortcuts,
    }


PARTS = {"stack_names": ["Cranes", "Dredging", "Lights"], "stack_tones": ["good", "warning", "neutral"]}


def series() -> dict[str, Any]:
    """Samples of the charts."""
    arrivals = [(MONDAY + timedelta(days=7 * week), float(value)) for week, value in enumerate(ARRIVALS)]
    departures = [(day, max(0.0, value - 4 + week % 3)) for week, (day, value) in enumerate(arrivals)]
    return {
        "bars": [
            {"label": "Fog at the mouth of the river", "value": 14, "href": "#bars", "hint": "since May"},
            {"label": "No pilot on duty", "value": 9, "tone": "warning"},
            {"label": "Customs", "value": 4, "tone": "critical", "display": "4 ships"},
            {"label": "Other", "value": 0, "tone": "muted"},
        ],
        "segments": SEGMENTS,
        "states": STANDS,
        "funnel": FUNNEL,
        "heat_columns": HEAT_COLUMNS,
        "heat_rows": [
            {
                "label": port,
                "hint": f"{number + 2} berths",
                "href": "#heat",
                "cells": [
                    {"label": f"{value} ships", "value": value, "href": "#heat" if value else ""}
                    for value in ((number * 7 + day * 5) % 11 for day in range(5))
                ],
            }
            for number, port in enumerate(PORTS)
        ],
        "state_rows": [
            {"label": port, "cells": [STATES[(number * 2 + day) % len(STATES)] for day in range(5)]}
            for number, port in enumerate(PORTS[:4])
        ],
        "bins": [{"low": 10 * n, "high": 10 * n + 10, "count": count} for n, count in enumerate(DRAUGHTS)],
        "line": [{"name": "Arrivals", "points": arrivals}],
        "lines": [
            {"name": "Arrivals", "points": arrivals, "series": 1},
            {"name": "Departures", "points": departures, "series": 3, "dashed": True, "step": True},
        ],
        "points": arrivals,
        "today": TODAY,
        "spans": SPANS,
        "undated": [{"label": "Hull", "status": "No days yet", "tone": "muted"}],
        "stacks": [
            {"label": f"{month} 2026", "short": month, "values": [1200 * n, 400 * (n % 3), 90 * n * n]}
            for n, month in enumerate(["Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov"])
        ],
        **PARTS,
        "rungs": RUNGS,
        "rung_scale": ["On paper", "Half fitted", "At sea"],
        **WAITS,
        "refit_done": [(MONDAY + timedelta(days=9 * step), step * 2 - step % 2) for step in range(6)],
        "refit_fan": {
            "early": MONDAY + timedelta(days=76),
            "middle": MONDAY + timedelta(days=97),
            "late": MONDAY + timedelta(days=139),
        },
        "refit_far": {"early": MONDAY + timedelta(days=160), "middle": MONDAY + timedelta(days=400)},
        "levels": [
            {"name": "Last year", "value": 8, "dash": 1},
            {"name": "Good", "value": 15, "tone": "good", "dash": 2},
            {"name": "Too few", "value": 5, "tone": "critical", "dash": 3},
        ],
    }


TODAY = date(2026, 11, 20)
SPANS = [
    {"label": "Hull", "starts_on": MONDAY, "ends_on": date(2026, 10, 4), "began_on": MONDAY,
     "until": date(2026, 10, 18), "status": "Done", "tone": "good"},
    {"label": "Engine", "starts_on": date(2026, 10, 5), "ends_on": date(2026, 11, 15),
     "began_on": date(2026, 10, 19), "status": "Since 19 Oct", "tone": "accent", "icon": "play"},
    {"label": "Rigging and the longest name of a phase", "starts_on": date(2026, 11, 16), "ends_on": date(2027, 1, 10),
     "status": "4 days late", "tone": "warning"},
    {"label": "First voyage", "starts_on": date(2027, 1, 11), "ends_on": date(2027, 1, 11), "status": "Ahead"},
    {"label": "Papers", "status": "No days yet", "tone": "muted"},
]  # fmt: skip
WAITS: dict[str, Any] = {
    "waits": [
        {"name": "Has a berth", "steps": [(1, 0.1, 0.04, 0.2), (3, 0.3, 0.18, 0.43), (8, 0.55, 0.4, 0.68)]},
        {"name": "Sailed on", "steps": [(2, 0.05, 0.01, 0.14), (6, 0.2, 0.1, 0.33)], "series": 2},
    ],
    "wait_marks": [{"at": 0, "label": "0", "below": "40"}, {"at": 6, "label": "6", "below": "19"}],
    "wait_heads": ["", "Has a berth", "Sailed on"],
    "wait_rows": [("6 weeks", ["30 %", "20 %"])],
}
RUNGS = [
    {"label": "Hull", "said": "At sea", "at": 2, "tone": "good", "href": "#profile"},
    {"label": "Engine", "said": "Half fitted", "at": 1, "tone": "info"},
    {"label": "Rigging", "said": "On paper", "at": 0},
    {"label": "Lanterns", "said": "No word yet", "tone": "muted"},
    {"label": "Galley", "said": "Half fitted", "at": 1, "tone": "info"},
]
SEGMENTS = [
    {"label": "Grain", "value": 18, "series": 1, "href": "#donut"},
    {"label": "Steel", "value": 11, "series": 2},
    {"label": "Salt", "value": 7, "series": 3},
    {"label": "Wool", "value": 3, "series": 4},
]
STANDS = [
    {"label": "On time", "value": 24, "tone": "good"},
    {"label": "Late", "value": 9, "tone": "warning"},
    {"label": "Lost", "value": 3, "tone": "critical"},
    {"label": "No word", "value": 6, "tone": "muted"},
]
FUNNEL = [
    {"label": "Announced", "value": 42, "rate": "67 %", "href": "#funnel"},
    {"label": "Sailing", "value": 28, "rate": "61 %", "note": "3 in fog", "note_href": "#funnel"},
    {"label": "At anchor", "value": 17, "rate": "53 %"},
    {"label": "Berthed", "value": 9, "rate": "78 %"},
    {"label": "Unloaded", "value": 7, "tone": "good"},
]
HEAT_COLUMNS = [
    {"label": "Monday", "short": "Mo", "href": "#heat"},
    {"label": "Tuesday", "short": "Tu"},
    {"label": "Wednesday", "short": "We"},
    {"label": "Thursday", "short": "Th"},
    {"label": "Friday", "short": "Fr"},
]
ARRIVALS = [4, 6, 5, 9, 12, 11, 14, 13, 17, 16, 19]
DRAUGHTS = [2, 3, 0, 5, 9, 12, 8, 11, 4, 1]
LEVELS = [(messages.SUCCESS, "success"), (messages.WARNING, "warning"), (messages.INFO, "notice")]
STATES: list[dict[str, Any]] = [
    {"label": "Open", "tone": "good", "icon": "check"},
    {"label": "Half open", "tone": "warning", "icon": "partial"},
    {"label": "Closed", "tone": "critical", "icon": "cross", "level": 2},
    {"label": "No word yet", "tone": "muted", "icon": "unanswered", "level": 0},
    {"label": "In the lock", "tone": "info", "icon": "clock"},
]


def second_page() -> Page:
    """The second page of a list of 120."""
    return Paginator(range(120), 50).page(2)


def samples(shown: str = "", direction: str = "ltr") -> dict[str, Any]:
    """The whole context of the style guide; `shown` is "light", "dark" or "" for both, `direction` "ltr" or "rtl"."""
    themes = [shown] if shown in ("light", "dark") else ["light", "dark"]
    guides = [
        {
            "theme": name,
            "mast": f"{name}-mast",
            "sail": f"{name}-sail",
            "flags": f"{name}-flags",
            "form": SampleForm(prefix=name),
            "small": SmallForm(prefix=f"{name}-small"),
            "tiny": SmallForm(prefix=f"{name}-tiny"),
            "wrong": form_with_errors(f"{name}-wrong"),
        }
        for name in themes
    ]
    links = [
        {"label": "Overview", "href": "#tabs", "current": True},
        {"label": "Ships", "href": "#tabs", "count": 1284},
    ]
    choices = [("north", "North"), ("south", "South")]
    return {
        "guides": guides,
        "tones": list(Tone),
        "icon_names": sorted(ICONS),
        "crumbs": [{"label": "Ports", "href": "#crumbs"}, {"label": PORTS[1]}],
        "links": links,
        "choices": choices,
        "masters": MASTERS,
        "ports": PORTS,
        "page": second_page(),
        "morning": MORNING,
        "notices": [Message(level, f"A {word} from the harbour.") for level, word in LEVELS],
        "series_numbers": range(1, 7),
        "views": [
            {"label": "Both", "href": "?", "current": len(themes) == 2},
            {"label": "Light", "href": "?theme=light", "current": themes == ["light"]},
            {"label": "Dark", "href": "?theme=dark", "current": themes == ["dark"]},
            {"label": "From the right", "href": "?theme=light&dir=rtl"},
        ],
        "direction": direction,
        "groups": catalogue(),
        "long": LONG,
        "long_steps": [{"name": LONG, "status": LONG}, {"name": "Hull", "status": "Open", "current": True}],
        **figures(),
        **series(),
    }
