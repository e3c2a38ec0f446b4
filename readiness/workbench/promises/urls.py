"""What an initiative promises, what was read, and when it is to be stopped."""

from django.urls import path

from readiness.workbench.promises import exit_pages, kpis, readings, views
from readiness.workbench.refusals import answering_refusals as page

BELOW = "initiatives/<str:ref>/promises"

urlpatterns = [
    path(f"{BELOW}/", page(views.promises), name="promises"),
    path(f"{BELOW}/kpis/new/", page(kpis.kpi_new), name="kpi-new"),
    path(f"{BELOW}/kpis/<int:kpi_id>/", page(views.kpi), name="kpi"),
    path(f"{BELOW}/kpis/<int:kpi_id>/edit/", page(kpis.kpi_edit), name="kpi-edit"),
    path(f"{BELOW}/kpis/<int:kpi_id>/remove/", page(kpis.kpi_remove), name="kpi-remove"),
    path(f"{BELOW}/kpis/<int:kpi_id>/readings/", page(readings.reading_add), name="reading-add"),
    path(f"{BELOW}/kpis/<int:kpi_id>/readings/file/", page(readings.reading_import), name="reading-import"),
    path(
        f"{BELOW}/readings/<int:reading_id>/withdraw/",
        page(readings.reading_withdraw),
        name="reading-withdraw",
    ),
    path(
        f"{BELOW}/amendments/<int:amendment_id>/acknowledge/",
        page(kpis.amendment_acknowledge),
        name="amendment-acknowledge",
    ),
    path(f"{BELOW}/exits/new/", page(exit_pages.exit_new), name="exit-new"),
    path(f"{BELOW}/exits/<int:criterion_id>/edit/", page(exit_pages.exit_edit), name="exit-edit"),
    path(f"{BELOW}/exits/<int:criterion_id>/remove/", page(exit_pages.exit_remove), name="exit-remove"),
    path(f"{BELOW}/exits/<int:criterion_id>/decision/", page(exit_pages.exit_decide), name="exit-decide"),
]
