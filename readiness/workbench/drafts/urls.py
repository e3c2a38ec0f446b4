"""Addresses of the drafts of frameworks; the workbench includes them at its root."""

from django.urls import path

from readiness.workbench.drafts import beginning, pages, parts, publishing

DRAFT = "organisation/frameworks/drafts/<int:draft_id>/"

urlpatterns = [
    path("frameworks/<slug:slug>/change/", beginning.change, name="framework-change"),
    path("frameworks/<slug:slug>/copy/", beginning.copy, name="framework-copy"),
    path("organisation/frameworks/empty/", beginning.empty, name="framework-empty"),
    path(DRAFT, pages.draft, name="framework-draft"),
    path(f"{DRAFT}about/<slug:section>/", parts.section, name="framework-draft-section"),
    path(f"{DRAFT}parts/<int:part>/", parts.part, name="framework-draft-part"),
    path(f"{DRAFT}parts/<int:part>/remove/", pages.remove, name="framework-draft-remove"),
    path(f"{DRAFT}arrange/", pages.arrange, name="framework-draft-arrange"),
    path(f"{DRAFT}file/", pages.file, name="framework-draft-file"),
    path(f"{DRAFT}publish/", publishing.publish, name="framework-draft-publish"),
    path(f"{DRAFT}discard/", pages.discard, name="framework-draft-discard"),
]
