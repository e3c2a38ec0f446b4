"""The page of money: what is planned, spent and burning, where it is stuck, and what it brings."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from readiness.accounts.policy import Act, allows
from readiness.portfolio.accounts import accounts
from readiness.portfolio.books import rates_of
from readiness.portfolio.frame import frame_of
from readiness.portfolio.money_charts import dearest_shown, money_shown
from readiness.standing.definitions import ResearchFigure, research_figures


@require_safe
def portfolio_money(request: HttpRequest) -> HttpResponse:
    frame = frame_of(request, "portfolio-money")
    found = accounts(frame.rows, frame.today, rates_of(frame.organisation, frame.today))
    context = {
        "frame": frame,
        "may_enter": allows(frame.person, Act.ADMINISTER),
        **money_shown(found, frame.scope),
        "dearest": dearest_shown(found),
        "quotes": {shown: _quoted(shown) for shown in ("money", "value")},
    }
    return render(request, "portfolio/money.html", context)


def _quoted(shown: str) -> list[ResearchFigure]:
    return [one for one in research_figures().values() if one.shown == shown]
