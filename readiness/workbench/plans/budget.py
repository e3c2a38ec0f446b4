"""The money of an initiative: by month and kind, what it burns, and what is usually advised."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from gates.budget import Kind, Place, first_of_month
from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, Stale
from readiness.actions.spending import set_spending
from readiness.clock import now
from readiness.portfolio.charts import money
from readiness.standing.definitions import research_figures
from readiness.standing.recompute import fresh_outcome
from readiness.standing.spending import Advice, Money, money_of
from readiness.standing.words import SPENDING_WORDS, Word
from readiness.ui.columns import Stack
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import amount
from readiness.ui.local import month as month_words
from readiness.workbench.checklists.forms import replaced
from readiness.workbench.finding import actor_of, acts_of, find_initiative, organisation_of
from readiness.workbench.header import BUDGET, header_of
from readiness.workbench.initiatives.forms import sent
from readiness.workbench.plans.forms import SpendingForm, month_of, spending_initial
from readiness.workbench.refusals import must

MONTHS_DRAWN = 24
PLACE_WORDS = {
    Place.UNDER: Word(gettext_lazy("Less than usual"), "warning", "arrow-down"),
    Place.WITHIN: Word(gettext_lazy("As usual"), "good", "check"),
    Place.OVER: Word(gettext_lazy("More than usual"), "info", "arrow-up"),
}
ADVICE_NAMES = {Kind.DATA: gettext_lazy("Preparing data"), Kind.CHANGE: gettext_lazy("Change and training")}


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month as the table shows it: an amount a kind, "" where none was entered."""

    month: date
    amounts: list[tuple[str, str]]
    total: str
    href: str


@dataclass(frozen=True, slots=True)
class ShownShare:
    """A planned or spent share: in a word and in percent."""

    what: str
    percent: str
    place: Word | None


@dataclass(frozen=True, slots=True)
class ShownAdvice:
    name: str
    band: str
    shares: list[ShownShare]
    advice: Advice


@require_http_methods(["GET", "HEAD", "POST"])
def budget(request: HttpRequest, ref: str) -> HttpResponse:
    initiative = find_initiative(request, ref)
    if request.method != "POST":
        return _page(request, initiative, None)
    must(Act.EDIT, acts_of(request, initiative))
    form = SpendingForm(sent(request))
    refusal, moved, status = "", False, 422
    if form.is_valid():
        given = form.cleaned_data
        try:
            set_spending(
                initiative.pk, given["month"], form.amounts(), actor_of(request), now(), given["version"]
            )
        except Invalid as refused:
            form.take_errors(refused)
        except Stale:
            moved, status = True, 409
        except Conflict as refused:
            refusal, status = refused.message, 409
        else:
            messages.success(
                request, _("Saved: what %(month)s cost.") % {"month": month_words(given["month"])}
            )
            return redirect(reverse("initiative-budget", args=[initiative.ref]))
    return _page(request, initiative, form, refusal, moved, status)


def _page(
    request: HttpRequest,
    initiative: Initiative,
    form: SpendingForm | None,
    refusal: str = "",
    moved: bool = False,
    status: int = 200,
) -> HttpResponse:
    at = now()
    today = organisation_of(request).day_of(at)
    initiative.refresh_from_db()
    found = money_of(initiative, today)
    if moved and form is not None:
        # The newer version is sent with the next try, which says so beside what stands now.
        form.data = replaced(form.data, "version", str(initiative.version))
    may_edit = Act.EDIT in acts_of(request, initiative) and not initiative.has_ended
    month = month_of(request.GET.get("month", "")) or first_of_month(today)
    blank = SpendingForm(initial=spending_initial(initiative.version, month, found.months.get(month, {})))
    production = found.production
    context: dict[str, Any] = {
        "initiative": initiative,
        "header": header_of(initiative, fresh_outcome(initiative.pk, at), crumb=BUDGET),
        "money": found,
        "planned": _money(initiative.budget_planned, initiative),
        "spent": _money(initiative.budget_spent, initiative),
        "left": _left(initiative),
        "burn": money(found.burn.a_month, initiative.currency) if found.burn else "",
        "stacks": stacks(found),
        "kind_names": [str(SPENDING_WORDS[kind]) for kind in Kind],
        "rows": _rows(initiative, found),
        "advice": [_advice(one) for one in found.advice],
        "production": production,
        "build": _money(production.build, initiative),
        "run": _money(production.run, initiative),
        "pilot_cost": _money(production.pilot_cost, initiative),
        "research": [one for one in research_figures().values() if one.shown == "budget"],
        "typed_before": not found.entries and initiative.budget_spent is not None,
        "may_edit": may_edit,
        "form": (form or blank) if may_edit else None,
        "refusal": refusal,
        "moved": moved,
    }
    return render(request, "workbench/plans/budget.html", context, status=status)


def stacks(found: Money) -> list[Stack]:
    """A column a month, from the first to the last that has an entry; of a long time the newest."""
    months = found.months
    if not months:
        return []
    last = max(months)
    first = max(min(months), first_of_month(last, 1 - MONTHS_DRAWN))
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [
        Stack(
            label=month_words(month),
            short=date_format(month, "M y"),
            values=[float(months.get(month, {}).get(kind, 0)) for kind in Kind],
        )
        for month in (first_of_month(first, number) for number in range(count))
    ]


def _rows(initiative: Initiative, found: Money) -> list[MonthRow]:
    """Each month with an entry, the newest first."""
    url = reverse("initiative-budget", args=[initiative.ref])
    return [
        MonthRow(
            month=month,
            amounts=[(SPENDING_WORDS[kind], _plain(kinds.get(kind))) for kind in Kind],
            total=_plain(sum(kinds.values(), Decimal(0))),
            href=f"{url}?month={month:%Y-%m}#enter",
        )
        for month, kinds in reversed(found.months.items())
    ]


def _advice(one: Advice) -> ShownAdvice:
    low, high = one.band
    shares = [
        ShownShare(
            _("Planned"), f"{one.planned} %" if one.planned is not None else "", _word(one.planned_lies)
        ),
        ShownShare(
            _("Spent so far"), f"{one.spent} %" if one.spent is not None else "", _word(one.spent_lies)
        ),
    ]
    return ShownAdvice(
        ADVICE_NAMES[one.kind], _("%(low)s to %(high)s %%") % {"low": low, "high": high}, shares, one
    )


def _word(place: Place | None) -> Word | None:
    return PLACE_WORDS[place] if place else None


def _left(initiative: Initiative) -> str:
    planned, spent = initiative.budget_planned, initiative.budget_spent
    if planned is None or spent is None:
        return ""
    difference = {"amount": _money(abs(planned - spent), initiative)}
    return (_("%(amount)s left") if spent <= planned else _("%(amount)s over the plan")) % difference


def _money(value: Decimal | None, initiative: Initiative) -> str:
    return "" if value is None else amount(value, initiative.currency)


def _plain(value: Decimal | None) -> str:
    return "" if value is None else amount(value)
