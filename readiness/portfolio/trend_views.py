"""The page of the trend: how ready the portfolio was month by month, how honest it is, and when it will have enough."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from readiness.portfolio import trend_charts as charts
from readiness.portfolio.ahead import Step, ahead
from readiness.portfolio.frame import Frame, frame_of
from readiness.portfolio.gap import gaps
from readiness.portfolio.scores import threshold
from readiness.portfolio.trend import MONTHS, MONTHS_SHOWN
from readiness.portfolio.trend import trend as trend_of
from readiness.ui.parts import Link


@require_safe
def trend(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request, "portfolio-trend")
    scope, today = frame.scope, frame.today
    asked, problems = request.GET, list(frame.problems)
    months = _months(asked.get("months", ""), problems)
    step = _step(asked.get("step", ""), problems)
    context = {
        "frame": frame,
        "problems": problems[len(frame.problems) :],
        "month_links": _month_links(frame, months, step),
        "step_links": _step_links(frame, months, step),
        **charts.months_shown(trend_of(frame.rows, today, months, frame.organisation.zone), today, scope),
        "asked": threshold(frame.rows),
        **charts.gaps_shown(gaps(frame.rows), scope),
        **charts.ahead_shown(ahead(frame.rows, today, step), scope, step),
    }
    return render(request, "portfolio/trend.html", context)


def _months(text: str, problems: list[str]) -> int:
    if not text:
        return MONTHS_SHOWN
    if text in {str(one) for one in MONTHS}:
        return int(text)
    problems.append(
        _("“%(text)s” is not 6, 12 or 24 months; %(months)s are shown.")
        % {"text": text[:40], "months": MONTHS_SHOWN}
    )
    return MONTHS_SHOWN


def _step(text: str, problems: list[str]) -> Step:
    if not text:
        return Step.QUARTER
    if text in set(Step):
        return Step(text)
    problems.append(_("“%(text)s” is neither month nor quarter; quarters are shown.") % {"text": text[:40]})
    return Step.QUARTER


def _month_links(frame: Frame, months: int, step: Step) -> list[Link]:
    return [
        Link(
            label=ngettext("%(count)s month", "%(count)s months", one) % {"count": one},
            href=frame.scope.address(frame.path, months=str(one), step=step.value),
            current=one == months,
        )
        for one in MONTHS
    ]


def _step_links(frame: Frame, months: int, step: Step) -> list[Link]:
    words = {Step.QUARTER: _("By quarter"), Step.MONTH: _("By month")}
    return [
        Link(
            label=label,
            href=frame.scope.address(frame.path, months=str(months), step=one.value) + "#ahead",
            current=one == step,
        )
        for one, label in words.items()
    ]
