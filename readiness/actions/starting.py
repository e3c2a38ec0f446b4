"""With which frameworks every new initiative begins: the organisation's choice."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from checklists.frameworks import ParsedFramework
from checklists.models import Framework, Item
from gates.definitions import LoadedFramework, loaded_framework
from gates.models import StartingFramework
from gates.stages import Guard, Stage
from gates.starting import UNLESS_CHOSEN, faults
from readiness.actions.administering import begin_administration
from readiness.actions.errors import Conflict, FieldError, Invalid, Stale, invalid
from readiness.actions.texts import askable
from readiness.audit.recording import Actor, record
from readiness.ui.saying import say

FIELD = "frameworks"
MOST = 50


def starting_slugs() -> tuple[str, ...]:
    """What is chosen, in order; one query."""
    return tuple(StartingFramework.objects.values_list("slug", flat=True)) or UNLESS_CHOSEN


def starting_frameworks() -> list[Framework]:
    """The newest published version of each, in order: what an initiative that is created now is given; two queries."""
    return _newest(starting_slugs())


def loaded(frameworks: Iterable[Framework]) -> list[LoadedFramework]:
    """The same as the rules take them."""
    return [loaded_framework(row.pk, row.checksum) for row in frameworks]


@transaction.atomic
def choose_starting(
    slugs: Sequence[str], by: Actor, at: datetime, seen: Sequence[str] | None = None
) -> list[Framework]:
    """Every initiative that is created from now on begins with these, in this order. What is there keeps its own.

    ``seen``: the slugs that the person saw chosen, or None. The same again changes nothing. Raises NotAllowed, Stale,
    or Invalid at ``frameworks``: ``too_many``, ``unknown_framework``, ``named_twice``, or a rule of
    ``gates.starting.faults``.
    """
    begin_administration(by)
    before = starting_slugs()
    if seen is not None and tuple(seen) != before:
        raise Stale(before)
    if len(slugs) > MOST:
        raise invalid(FIELD, "too_many", _("At most %(most)s.") % {"most": MOST})
    chosen = _newest(slugs)
    errors = _naming_errors(slugs, {row.slug for row in chosen})
    errors = errors or [FieldError(FIELD, one.code, one.message) for one in faults(loaded(chosen))]
    if errors:
        raise Invalid(errors)
    after = tuple(slugs)
    if after != before:
        StartingFramework.objects.all().delete()
        StartingFramework.objects.bulk_create(
            StartingFramework(slug=slug, position=position) for position, slug in enumerate(after)
        )
        record(by, "frameworks.chosen", {"before": list(before), "after": list(after)}, at)
    return chosen


def refuse_as_start(slug: str) -> None:
    """Raise Conflict ``not_beside_the_start`` where new initiatives begin with this framework, and the version of it
    that is newest cannot stand beside what else they begin with."""
    if slug in starting_slugs():
        _refuse_beside(slug, loaded(starting_frameworks()))


def refuse_beside_the_start(parsed: ParsedFramework) -> None:
    """Raise what ``refuse_as_start`` would raise once this version were published, and write nothing."""
    if parsed.slug in starting_slugs():
        present = loaded(starting_frameworks())
        _refuse_beside(
            parsed.slug, [_as_of(parsed, one) if one.slug == parsed.slug else one for one in present]
        )


def _as_of(parsed: ParsedFramework, before: LoadedFramework) -> LoadedFramework:
    """The framework with what would decide in this version whether it can stand beside others."""
    guards = (
        Guard(Stage(guard.from_stage), Stage(guard.to_stage), parsed.slug, guard.gate or None)
        for guard in parsed.guards
    )
    return replace(
        before,
        name=parsed.name,
        guards=tuple(guards),
        gates={place: gate.slug for place, gate in enumerate(parsed.gates)},
        rows={item.code: Item(code=item.code) for item in parsed.items},
    )


def _refuse_beside(slug: str, frameworks: Sequence[LoadedFramework]) -> None:
    if wrong := faults(frameworks):
        told = {"framework": slug, "why": " ".join(str(say(one.message)) for one in wrong)}
        message = _("New initiatives begin with %(framework)s, and could not with this version: %(why)s")
        raise Conflict("not_beside_the_start", message % told)


def _newest(slugs: Sequence[str]) -> list[Framework]:
    rows = {row.slug: row for row in Framework.objects.current().filter(slug__in=askable(slugs))}
    return [rows[slug] for slug in slugs if slug in rows]


def _naming_errors(slugs: Sequence[str], known: set[str]) -> list[FieldError]:
    errors = []
    for place, slug in enumerate(slugs):
        if slug not in known:
            message = _("There is no framework %(slug)s.") % {"slug": slug[:60]}
            errors.append(FieldError(f"{FIELD}.{place}", "unknown_framework", message))
        elif slug in slugs[:place]:
            message = _("%(slug)s is named twice.") % {"slug": slug}
            errors.append(FieldError(f"{FIELD}.{place}", "named_twice", message))
    return errors
