"""The integrations' door: everything below /api/."""

from django.urls import include, path, re_path, register_converter
from django.urls.resolvers import URLPattern, URLResolver

from readiness.api.converters import Key, Reference, Word
from readiness.api.views import (
    audit,
    checklist,
    checks,
    continuity,
    description,
    exits,
    flags,
    frameworks,
    gates,
    initiatives,
    lessons,
    organisation,
    plans,
    portfolio,
    promises,
    rates,
    readiness,
    together,
    webhooks,
)

register_converter(Reference, "reference")
register_converter(Key, "key")
register_converter(Word, "word")

initiative: list[URLPattern] = [
    path("", initiatives.InitiativeDetail.as_view(), name="api-initiative"),
    path("stage/", initiatives.Stage.as_view(), name="api-stage"),
    path("hold/", initiatives.Hold.as_view(), name="api-hold"),
    path("stakeholders/", initiatives.Stakeholders.as_view(), name="api-stakeholders"),
    path("frameworks/", initiatives.Frameworks.as_view(), name="api-initiative-frameworks"),
    path("frameworks/<word:slug>/", initiatives.FrameworkDetach.as_view(), name="api-initiative-framework"),
    path("frameworks/<word:slug>/move/", initiatives.FrameworkMove.as_view(), name="api-initiative-version"),
    path("checklist/", checklist.Checklist.as_view(), name="api-checklist"),
    path("checklist/<word:code>/", checklist.ChecklistItem.as_view(), name="api-item"),
    path("checklist/<word:code>/evidence/", checklist.EvidenceFiles.as_view(), name="api-item-evidence"),
    path(
        "checklist/<word:code>/evidence/reuse/", checklist.EvidenceReuse.as_view(), name="api-evidence-reuse"
    ),
    path(
        "checklist/<word:code>/evidence/<key:evidence_id>/",
        checklist.ItemEvidencePiece.as_view(),
        name="api-item-evidence-piece",
    ),
    path("checklist/<word:code>/check/", checks.ItemCheck.as_view(), name="api-item-check"),
    path("checks/", checks.Checks.as_view(), name="api-checks"),
    path("evidence/<key:evidence_id>/", checklist.EvidencePiece.as_view(), name="api-evidence"),
    path("evidence/<key:evidence_id>/file/", checklist.EvidenceDownload.as_view(), name="api-evidence-file"),
    path("gates/", gates.GateList.as_view(), name="api-gates"),
    path("gates/<word:gate>/submit/", gates.Submit.as_view(), name="api-gate-submit"),
    path("gates/<word:gate>/decision/", gates.Decide.as_view(), name="api-gate-decision"),
    path("conditions/<key:condition_id>/", gates.GivenCondition.as_view(), name="api-condition"),
    path("conditions/<key:condition_id>/keep/", gates.KeepCondition.as_view(), name="api-condition-keep"),
    path(
        "conditions/<key:condition_id>/confirm/",
        gates.ConfirmCondition.as_view(),
        name="api-condition-confirm",
    ),
    path(
        "conditions/<key:condition_id>/reopen/", gates.ReopenCondition.as_view(), name="api-condition-reopen"
    ),
    path("waivers/", gates.Waivers.as_view(), name="api-waivers"),
    path("material-change/", gates.MaterialChange.as_view(), name="api-material-change"),
    path("snapshots/", gates.SnapshotList.as_view(), name="api-snapshots"),
    path("snapshots/<key:snapshot_id>/", gates.SnapshotDetail.as_view(), name="api-snapshot"),
    path(
        "snapshots/<key:snapshot_id>/diff/<key:other_id>/",
        gates.SnapshotDifferences.as_view(),
        name="api-snapshot-diff",
    ),
    path("roadmap/", plans.Roadmap.as_view(), name="api-roadmap"),
    path("roadmap/phases/<word:kind>/begin/", plans.PhaseBegin.as_view(), name="api-phase-begin"),
    path("spending/", plans.Spending.as_view(), name="api-spending"),
    path("readiness/", readiness.ReadinessDetail.as_view(), name="api-readiness"),
    path("readiness/history/", readiness.History.as_view(), name="api-history"),
    path("badge.svg", readiness.Badge.as_view(), name="api-badge"),
    path("deploy-check/", readiness.DeployCheck.as_view(), name="api-deploy-check"),
    path("kpis/", promises.Kpis.as_view(), name="api-kpis"),
    path("kpis/<key:kpi_id>/", promises.KpiDetail.as_view(), name="api-kpi"),
    path("kpis/<key:kpi_id>/readings/", promises.Readings.as_view(), name="api-readings"),
    path(
        "kpis/<key:kpi_id>/readings/<key:reading_id>/", promises.ReadingDetail.as_view(), name="api-reading"
    ),
    path("exit-criteria/", exits.ExitCriteria.as_view(), name="api-exit-criteria"),
    path("exit-criteria/<key:criterion_id>/", exits.ExitCriterionDetail.as_view(), name="api-exit-criterion"),
    path("exit-criteria/<key:criterion_id>/decision/", exits.DecideExit.as_view(), name="api-exit-decision"),
    path("amendments/", promises.Amendments.as_view(), name="api-amendments"),
    path(
        "amendments/<key:amendment_id>/acknowledge/",
        promises.AcknowledgeAmendment.as_view(),
        name="api-amendment-acknowledge",
    ),
    path("flags/", flags.InitiativeFlags.as_view(), name="api-initiative-flags"),
    path("handovers/", continuity.Handovers.as_view(), name="api-handovers"),
    path("handovers/<key:handover_id>/", continuity.HandoverDetail.as_view(), name="api-handover"),
    path("handovers/<key:handover_id>/close/", continuity.HandoverClose.as_view(), name="api-handover-close"),
    path("comments/", together.Comments.as_view(), name="api-comments"),
    path("assignments/", together.Assignments.as_view(), name="api-assignments"),
    path("assignments/<key:assignment_id>/", together.AssignmentDetail.as_view(), name="api-assignment"),
    path(
        "assignments/<key:assignment_id>/end/", together.AssignmentEnds.as_view(), name="api-assignment-end"
    ),
    path("what-worked/", continuity.WhatWorked.as_view(), name="api-what-worked"),
]

version_1: list[URLPattern | URLResolver] = [
    path("initiatives/", initiatives.InitiativeList.as_view(), name="api-initiatives"),
    path("initiatives/<reference:initiative_id>/", include(initiative)),
    path("portfolio/", portfolio.Portfolio.as_view(), name="api-portfolio"),
    path("portfolio/money/", portfolio.Money.as_view(), name="api-portfolio-money"),
    path("portfolio/survival/", portfolio.Survival.as_view(), name="api-portfolio-survival"),
    path("portfolio/symptoms/", portfolio.Symptoms.as_view(), name="api-symptoms"),
    path("scores/", portfolio.Scores.as_view(), name="api-scores"),
    path("flags/", flags.FlagList.as_view(), name="api-flags"),
    path("flags/<key:flag_id>/acknowledge/", flags.Acknowledge.as_view(), name="api-flag-acknowledge"),
    path("flags/<key:flag_id>/snooze/", flags.Snooze.as_view(), name="api-flag-snooze"),
    path("flags/<key:flag_id>/cause/", flags.Cause.as_view(), name="api-flag-cause"),
    path("conditions/confirm/", gates.ConfirmConditions.as_view(), name="api-conditions-confirm"),
    path("limits/", organisation.Limits.as_view(), name="api-limits"),
    path("rates/", rates.Rates.as_view(), name="api-rates"),
    path("rates/<key:rate_id>/", rates.RateDetail.as_view(), name="api-rate"),
    path("webhooks/", webhooks.Webhooks.as_view(), name="api-webhooks"),
    path("webhooks/<key:webhook_id>/", webhooks.WebhookDetail.as_view(), name="api-webhook"),
    path("webhooks/<key:webhook_id>/secret/", webhooks.WebhookSecret.as_view(), name="api-webhook-secret"),
    path("webhooks/<key:webhook_id>/ping/", webhooks.WebhookPing.as_view(), name="api-webhook-ping"),
    path(
        "webhooks/<key:webhook_id>/deliveries/",
        webhooks.WebhookDeliveries.as_view(),
        name="api-webhook-deliveries",
    ),
    path(
        "webhooks/<key:webhook_id>/deliveries/<key:delivery_id>/",
        webhooks.WebhookDelivery.as_view(),
        name="api-webhook-delivery",
    ),
    path(
        "webhooks/<key:webhook_id>/deliveries/<key:delivery_id>/replay/",
        webhooks.WebhookReplay.as_view(),
        name="api-webhook-replay",
    ),
    path("users/", organisation.Users.as_view(), name="api-users"),
    path("users/<str:username>/hand-over/", continuity.HandOver.as_view(), name="api-hand-over"),
    path("lessons/", lessons.Lessons.as_view(), name="api-lessons"),
    path("frameworks/", frameworks.Frameworks.as_view(), name="api-frameworks"),
    path("frameworks/<word:slug>/", frameworks.FrameworkDetail.as_view(), name="api-framework"),
    path("starting-frameworks/", frameworks.StartingFrameworks.as_view(), name="api-starting-frameworks"),
    path("audit/", audit.Audit.as_view(), name="api-audit"),
    path("audit/proof/", audit.AuditProof.as_view(), name="api-audit-proof"),
    path("problems/", description.Problems.as_view(), name="api-problems"),
    path("problems/<word:code>/", description.ProblemDetail.as_view(), name="api-problem"),
    path("schema/", description.Schema.as_view(), name="api-schema"),
    path("docs/", description.docs, name="api-docs"),
]

urlpatterns = [
    path("v1/", include(version_1)),
    re_path("", description.NotThere.as_view(), name="api-not-there"),
]
