"""The admin's page of parallel limits: how many initiatives of a unit may be in a stage at once."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from gates.limits import EVERY_UNIT, LIMITED, limit_for
from gates.models import Initiative, ParallelLimit
from gates.stages import Stage
from readiness import clock
from readiness.accounts.tabs import admin_tabs
from readiness.actions.errors import Refused
from readiness.actions.limits import Wanted, remove_limit, set_limit
from readiness.standing.words import STAGE_WORDS, Word
from readiness.workbench.finding import actor_of
from readiness.workbench.people.access import for_admins
from readiness.workbench.people.forms import LimitForm
from readiness.workbench.people.units import is_known, known_units
from readiness.workbench.refusals import OK, UNPROCESSABLE, tell


@dataclass(frozen=True, slots=True)
class LimitRow:
    """One limit; ``now`` is how many are there, of the fullest unit where it holds for several."""

    limit: ParallelLimit
    stage: Word
    now: int
    fullest: str

    @property
    def exceeded(self) -> bool:
        return self.now > self.limit.most


@for_admins
@require_http_methods(["GET", "HEAD", "POST"])
def limits(request: HttpRequest) -> HttpResponse:
    status, form = OK, LimitForm(request.POST if request.method == "POST" else None, is_known=is_known)
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        wanted = Wanted(given["stage"], given["business_unit"], given["most"])
        try:
            set_limit(wanted, actor_of(request), clock.now())
        except Refused as refused:
            status = tell(form, refused)
        else:
            messages.success(request, _("The limit is set. It is asked for when a stage is entered."))
            return redirect("limits")
    elif form.is_bound:
        status = UNPROCESSABLE
    context = {
        "form": form,
        "rows": limit_rows(),
        "units": known_units(),
        "tabs": admin_tabs("limits"),
    }
    return render(request, "workbench/people/limits.html", context, status=status)


@for_admins
@require_POST
def limit_remove(request: HttpRequest, limit_id: int) -> HttpResponse:
    """One that somebody else has taken away meanwhile is gone, as was wanted."""
    limit = ParallelLimit.objects.filter(pk=limit_id).first()
    if limit is not None:
        remove_limit(limit.stage, limit.unit_key, actor_of(request), clock.now())
    messages.success(request, _("The limit is taken away."))
    return redirect("limits")


def limit_rows() -> list[LimitRow]:
    """Every limit in the order of the stages, those of every unit first; two queries."""
    found = sorted(
        ParallelLimit.objects.all(), key=lambda one: (LIMITED.index(Stage(one.stage)), one.unit_key)
    )
    standing = Initiative.objects.filter(stage__in=[stage.value for stage in LIMITED]).order_by()
    counts = standing.values_list("stage", "business_unit_key").annotate(
        count=Count("pk"), unit=Max("business_unit")
    )
    fullest: dict[int, tuple[int, str]] = {}
    for stage, unit_key, count, unit in counts:
        limit = limit_for(found, stage, unit_key)
        if limit is not None:
            fullest[limit.pk] = max(fullest.get(limit.pk, (0, "")), (count, unit))
    return [_row(limit, *fullest.get(limit.pk, (0, ""))) for limit in found]


def _row(limit: ParallelLimit, now: int, unit: str) -> LimitRow:
    named = unit or _("no unit named")
    return LimitRow(
        limit, STAGE_WORDS[Stage(limit.stage)], now, named if now and limit.unit_key == EVERY_UNIT else ""
    )
