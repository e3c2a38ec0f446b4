"""Addresses of what people save of the portfolio."""

from django.urls import path

from readiness.workbench.refusals import answering_refusals as page
from readiness.workbench.saved import pages

urlpatterns = [
    path("views/", page(pages.saved_views), name="views"),
    path("views/new/", page(pages.view_save), name="view-save"),
    path("views/home/", page(pages.begin_home), name="view-home"),
    path("views/<int:view_id>/", page(pages.view_open), name="view"),
    path("views/<int:view_id>/change/", page(pages.view_change), name="view-change"),
    path("views/<int:view_id>/delete/", page(pages.view_delete), name="view-delete"),
    path("views/<int:view_id>/start/", page(pages.view_start), name="view-start"),
]
