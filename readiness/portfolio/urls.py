"""The portfolio's pages."""

from django.urls import path

from readiness.portfolio.causes.views import causes
from readiness.portfolio.compare_views import compare
from readiness.portfolio.gates.views import gates
from readiness.portfolio.live import live
from readiness.portfolio.money_views import portfolio_money
from readiness.portfolio.symptom_views import symptom, symptom_board
from readiness.portfolio.time_views import time_page
from readiness.portfolio.trend_views import trend
from readiness.portfolio.views import portfolio

urlpatterns = [
    path("portfolio/", portfolio, name="portfolio"),
    path("portfolio/causes/", causes, name="portfolio-causes"),
    path("portfolio/gates/", gates, name="portfolio-gates"),
    path("portfolio/trend/", trend, name="portfolio-trend"),
    path("portfolio/compare/", compare, name="portfolio-compare"),
    path("portfolio/money/", portfolio_money, name="portfolio-money"),
    path("portfolio/time/", time_page, name="portfolio-time"),
    path("portfolio/symptoms/", symptom_board, name="symptoms"),
    path("portfolio/symptoms/<slug:code>/", symptom, name="symptom"),
]
for _page in urlpatterns:  # each of them may be left open
    _page.callback = live(_page.callback)
