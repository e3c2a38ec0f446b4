"""The list of initiatives and the pages of each."""

from django.urls import path

from readiness.workbench.initiatives import acts, attaching, entering, versions, views
from readiness.workbench.refusals import answering_refusals as page

urlpatterns = [
    path("initiatives/", page(views.initiative_list), name="initiatives"),
    path("initiatives/new/", page(entering.initiative_new), name="initiative-new"),
    path("initiatives/similar/", page(entering.initiative_similar), name="initiative-similar"),
    path("initiatives/<str:ref>/", page(views.initiative_page), name="initiative"),
    path("initiatives/<str:ref>/edit/", page(views.initiative_edit), name="initiative-edit"),
    path("initiatives/<str:ref>/history/", page(views.initiative_history), name="initiative-history"),
    path("initiatives/<str:ref>/stage/", page(acts.initiative_stage), name="initiative-stage"),
    path("initiatives/<str:ref>/stop/", page(acts.initiative_stop), name="initiative-stop"),
    path("initiatives/<str:ref>/hold/", page(acts.initiative_hold), name="initiative-hold"),
    path(
        "initiatives/<str:ref>/frameworks/",
        page(attaching.initiative_frameworks),
        name="initiative-frameworks",
    ),
    path(
        "initiatives/<str:ref>/frameworks/<slug:slug>/detach/",
        page(attaching.framework_detach),
        name="framework-detach",
    ),
    path(
        "initiatives/<str:ref>/frameworks/<slug:slug>/move/",
        page(versions.initiative_version),
        name="initiative-version",
    ),
    path("initiatives/<str:ref>/material-change/", page(acts.material_change), name="material-change"),
    path("flags/<int:flag_id>/acknowledge/", page(acts.flag_acknowledge), name="flag-acknowledge"),
    path("flags/<int:flag_id>/snooze/", page(acts.flag_snooze), name="flag-snooze"),
    path("flags/<int:flag_id>/cause/", page(acts.flag_cause), name="flag-cause"),
]
