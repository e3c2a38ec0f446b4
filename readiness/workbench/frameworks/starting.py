"""The admin's page of what every new initiative begins with. Each button says what it does before it is pressed."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from checklists.models import Framework
from gates.definitions import LoadedFramework, loaded_framework
from gates.starting import Step, faults, in_the_way, unguarded, with_one_more
from readiness import clock
from readiness.accounts.tabs import admin_tabs
from readiness.actions.errors import Invalid, Stale
from readiness.actions.starting import choose_starting, loaded, starting_frameworks
from readiness.standing.words import STAGE_WORDS
from readiness.ui.parts import Link
from readiness.ui.saying import content, say
from readiness.workbench.finding import actor_of
from readiness.workbench.frameworks.views import KINDS
from readiness.workbench.initiatives.attaching import guarding_words
from readiness.workbench.people.access import for_admins
from readiness.workbench.refusals import CONFLICT, OK, UNPROCESSABLE


@dataclass(frozen=True, slots=True)
class Begun:
    """One that is begun with. ``earlier``, ``later``, ``without``: the slugs after that button, "" where there is none.

    ``told``: what taking it out would do, or why it cannot be.
    """

    framework: LoadedFramework
    kind: str
    told: list[str]
    earlier: str
    later: str
    without: str


@dataclass(frozen=True, slots=True)
class Offered:
    """One that is not begun with. ``to``: the slugs with it, "" where it cannot be added; ``told``: what that would do,
    or why it cannot be; ``replaces``: it takes the place of another."""

    framework: LoadedFramework
    kind: str
    told: list[str]
    to: str
    replaces: bool


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def beginning(request: HttpRequest) -> HttpResponse:
    """What is chosen and what could be; a button sends the whole of what would be chosen, and what was seen chosen."""
    refusals, status = [], OK
    if request.method == "POST":
        wanted, seen = request.POST.get("to", "").split(), request.POST.get("seen", "").split()
        try:
            chosen = choose_starting(wanted, actor_of(request), clock.now(), seen)
        except Stale:
            told = _("Somebody chose otherwise meanwhile. This is what new initiatives begin with now.")
            refusals, status = [told], CONFLICT
        except Invalid as refused:
            refusals, status = [one.message for one in refused.errors], UNPROCESSABLE
        else:
            names = ", ".join(content(row.name) for row in chosen)
            messages.success(
                request, _("From now on new initiatives begin with: %(names)s.") % {"names": names}
            )
            return redirect("frameworks-beginning")
    present = loaded(starting_frameworks())
    slugs = [one.slug for one in present]
    others = (
        Framework.objects.current().filter(published_at__isnull=False).exclude(slug__in=slugs).order_by("pk")
    )
    context = {
        "refusals": refusals,
        "seen": " ".join(slugs),
        "wrong": [say(one.message) for one in faults(present)],
        "begun": [_begun(one, present) for one in present],
        "offered": [_offered(loaded_framework(row.pk, row.checksum), present) for row in others],
        "tabs": admin_tabs("frameworks"),
        "crumbs": [Link(label=_("Frameworks"), href=reverse("frameworks"))],
    }
    return render(request, "workbench/frameworks/beginning.html", context, status=status)


def _begun(one: LoadedFramework, present: Sequence[LoadedFramework]) -> Begun:
    place = present.index(one)
    rest = [other for other in present if other is not one]
    free = not faults(rest)
    return Begun(
        framework=one,
        kind=str(KINDS[one.kind]),
        told=_left_open(present, rest) if free else [_stays(one)],
        earlier=_slugs([*rest[: place - 1], one, *rest[place - 1 :]]) if place else "",
        later=_slugs([*rest[: place + 1], one, *rest[place + 1 :]]) if place < len(rest) else "",
        without=_slugs(rest) if free else "",
    )


def _offered(one: LoadedFramework, present: Sequence[LoadedFramework]) -> Offered:
    leaving, after = in_the_way(one, present), with_one_more(one, present)
    if wrong := faults(after):
        told = (
            [_("Its codes or gates are used by %(names)s, too.") % {"names": _names(leaving)}]
            if leaving
            else []
        )
        return Offered(one, str(KINDS[one.kind]), [*told, *(say(each.message) for each in wrong)], "", False)
    told = [_replaced(one, leaving)] if leaving else [_("Stands beside the others, at the end.")]
    if one.decides_readiness:
        told.append(
            ngettext(
                "Readiness of new initiatives is then computed on its %(count)s gate.",
                "Readiness of new initiatives is then computed on its %(count)s gates.",
                len(one.gates),
            )
            % {"count": len(one.gates)}
        )
    else:
        told += guarding_words(one)
    return Offered(
        one, str(KINDS[one.kind]), [*told, *_left_open(present, after)], _slugs(after), bool(leaving)
    )


def _replaced(one: LoadedFramework, leaving: Sequence[LoadedFramework]) -> str:
    names = {"names": _names(leaving)}
    if one.decides_readiness and any(other.decides_readiness for other in leaving):
        return _("Takes the place of %(names)s: readiness is computed on one framework only.") % names
    return _("Takes the place of %(names)s: they use the same codes.") % names


def _stays(one: LoadedFramework) -> str:
    if one.decides_readiness:
        return _("Readiness is computed on it: it stays until another one takes its place.")
    return _("Without it the others could not be begun with.")


def _left_open(before: Sequence[LoadedFramework], after: Sequence[LoadedFramework]) -> list[str]:
    steps = unguarded(before, after)
    if not steps:
        return []
    return [_("Then nothing guards %(moves)s.") % {"moves": ", ".join(map(_step_words, steps))}]


def _step_words(step: Step) -> str:
    return f"{STAGE_WORDS[step[0]].label} → {STAGE_WORDS[step[1]].label}"


def _names(frameworks: Sequence[LoadedFramework]) -> str:
    return ", ".join(str(content(one.name)) for one in frameworks)


def _slugs(frameworks: Sequence[LoadedFramework]) -> str:
    return " ".join(one.slug for one in frameworks)
