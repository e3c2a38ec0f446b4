"""Addresses of the admins' pages; the project includes them at its root."""

from django.urls import path

from readiness.workbench.people import leaving, limits, lists, organisation, people, rates, webhooks

urlpatterns = [
    path("people/", people.people, name="people"),
    path("people/list/", lists.people_list, name="people-list"),
    path("people/list/template.csv", lists.people_list_sample, name="people-list-sample"),
    path("people/new/", people.person_new, name="person-new"),
    path("people/<str:username>/edit/", people.person_edit, name="person-edit"),
    path("people/<str:username>/deactivate/", people.person_deactivate, name="person-deactivate"),
    path("people/<str:username>/reactivate/", people.person_reactivate, name="person-reactivate"),
    path("people/<str:username>/hand-over/", leaving.person_hand_over, name="person-hand-over"),
    path(
        "people/<str:username>/two-factor/reset/",
        people.person_two_factor_reset,
        name="person-two-factor-reset",
    ),
    path("people/<str:username>/invite/", people.person_invite, name="person-invite"),
    path("people/<str:username>/erase/", leaving.person_erase, name="person-erase"),
    path("people/<str:username>/data/", people.person_data, name="person-data"),
    path("organisation/", organisation.organisation, name="organisation"),
    path("organisation/end-demo/", organisation.organisation_end_demo, name="organisation-end-demo"),
    path("organisation/thresholds/", organisation.thresholds, name="thresholds"),
    path("organisation/thresholds/<slug:code>/", organisation.threshold_edit, name="threshold-edit"),
    path("organisation/thresholds/<slug:code>/reset/", organisation.threshold_reset, name="threshold-reset"),
    path("organisation/limits/", limits.limits, name="limits"),
    path("organisation/limits/<int:limit_id>/remove/", limits.limit_remove, name="limit-remove"),
    path("organisation/rates/", rates.rates, name="rates"),
    path("organisation/rates/<int:rate_id>/remove/", rates.rate_remove, name="rate-remove"),
    path("organisation/webhooks/", webhooks.webhooks, name="webhooks"),
    path("organisation/webhooks/<int:webhook_id>/", webhooks.webhook, name="webhook"),
    path("organisation/webhooks/<int:webhook_id>/secret/", webhooks.webhook_secret, name="webhook-secret"),
    path("organisation/webhooks/<int:webhook_id>/switch/", webhooks.webhook_switch, name="webhook-switch"),
    path("organisation/webhooks/<int:webhook_id>/ping/", webhooks.webhook_ping, name="webhook-ping"),
    path("organisation/webhooks/<int:webhook_id>/remove/", webhooks.webhook_remove, name="webhook-remove"),
    path(
        "organisation/webhooks/<int:webhook_id>/deliveries/<int:delivery_id>/replay/",
        webhooks.webhook_replay,
        name="webhook-replay",
    ),
]
