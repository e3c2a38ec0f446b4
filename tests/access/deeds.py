"""What is sent at each door that changes something, such that it succeeds for whoever may: rows by their key."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile

from checklists.drafting import taken_over
from checklists.loading import load_framework, stored_framework
from checklists.models import Answer, Assessment, Framework, FrameworkDraft
from gates.models import Initiative, ParallelLimit, Passage, Roadmap, RoadmapPhase, TeamRole
from readiness import clock
from readiness.accounts.models import Authenticator, Organisation, Rate, SavedView
from readiness.actions.holds import set_hold
from readiness.audit.recording import Actor
from readiness.derived import new_seed
from readiness.notices.choosing import unsubscribe_key
from readiness.reports import making
from readiness.reports.models import Report, Subscription
from readiness.reports.monthly import unsubscribe_key as no_more_reports_key
from readiness.standing.models import Threshold
from readiness.webhooks.models import Delivery, Endpoint
from readiness.work.models import LongWork
from readiness.workbench.canvas.sections import PEOPLE as PEOPLE_SECTION
from readiness.workbench.canvas.sections import PROBLEM, Content, Section
from tests.access.world import LESSON, Place, World
from tests.files import pdf
from tests.fixtures import PASSWORD, today
from tests.unit.importing.building import MAPPING, csv_bytes, row

Sent = dict[str, Any]
HOLD = {"reason": "The vendor is bought."}
NEWER = "9.0"
LIMIT = 7001
RATE = 7003
IMPORT = 7002
REPORT = 7004
REPORT_FILE = "00/report-of-elsas"
LEFT_OUT_FILE = "00/rows-left-out"
VIEW = 7005
DRAFT = 7007
HOOK = 7006
SENT_TO = "https://192.0.1.7/fivegates"


def soon() -> str:
    return (today() + timedelta(days=20)).isoformat()


def link() -> Sent:
    return {"kind": "link", "url": "https://wiki.example.com/new", "effective_on": today().isoformat()}


def paper() -> SimpleUploadedFile:
    return SimpleUploadedFile("report.pdf", pdf("another"))


def numbers() -> SimpleUploadedFile:
    return SimpleUploadedFile("numbers.csv", f"date,value\n{today()},12.5\n".encode())


FRAMEWORK = """\
slug: handing-over
version: '1.0'
name: Handing over
kind: overlay
evidence: optional
gates:
- slug: handing-over
  name: Handing over
  purpose: Can another team run it?
  min_met: 1
  items:
  - code: OVER-1
    title: A team is named
    critical: false
    statement: The team that takes over is named.
    met: It is named.
    partial: It is asked.
    not_met: Nobody is.
    root_cause: ownership
"""


def spreadsheet() -> Sent:
    return {
        "file": SimpleUploadedFile("list.csv", csv_bytes([row(name="Sorting", stage="Idea")])),
        "mapping_file": SimpleUploadedFile("acme.yaml", MAPPING.encode()),
    }


# What a row's path holds beside what every row's holds (see ``path_of``).
PATHS: dict[str, Callable[[Place, World], Sent]] = {
    "evidence-file": lambda place, world: {"evidence_id": place.file},
    "evidence-preview": lambda place, world: {"evidence_id": place.picture},
    "evidence-reuse": lambda place, world: {"code": "DATA-1"},
    "evidence-reuse:htmx": lambda place, world: {"code": "DATA-1"},
    "item-assignment": lambda place, world: {"code": "ARCH-3"},
    "item-assignment:htmx": lambda place, world: {"code": "ARCH-3"},
    "api-evidence-reuse": lambda place, world: {"code": "DATA-1"},
    "api-evidence-file": lambda place, world: {"evidence_id": place.file},
    "condition-give:lead": lambda place, world: {"condition_id": place.conditions["lead"]},
    "api-condition:lead": lambda place, world: {"condition_id": place.conditions["lead"]},
    "condition-keep:lead": lambda place, world: {"condition_id": place.conditions["lead"]},
    "condition-keep:auditor": lambda place, world: {"condition_id": place.conditions["auditor"]},
    "condition-confirm": lambda place, world: {"condition_id": place.conditions["kept"]},
    "condition-reopen": lambda place, world: {"condition_id": place.conditions["kept"]},
    "gate-decide": lambda place, world: {"gate": "checkpoint-0"},
    "canvas-section:people": lambda place, world: {"section": "people"},
    "api-condition-keep:lead": lambda place, world: {"condition_id": place.conditions["lead"]},
    "api-condition-keep:auditor": lambda place, world: {"condition_id": place.conditions["auditor"]},
    "api-condition-confirm": lambda place, world: {"condition_id": place.conditions["kept"]},
    "api-condition-reopen": lambda place, world: {"condition_id": place.conditions["kept"]},
    "api-gate-decision": lambda place, world: {"gate": "checkpoint-0"},
    "kpi-edit:locked": lambda place, world: {"kpi_id": place.kpis["locked"]},
    "api-kpi:locked": lambda place, world: {"kpi_id": place.kpis["locked"]},
    "kpi-remove": lambda place, world: {"kpi_id": place.kpis["spare"]},
    "exit-decide": lambda place, world: {"criterion_id": place.exits["reached"]},
    "exit-decide:go_on": lambda place, world: {"criterion_id": place.exits["reached"]},
    "api-exit-decision": lambda place, world: {"criterion_id": place.exits["reached"]},
    "api-exit-decision:go_on": lambda place, world: {"criterion_id": place.exits["reached"]},
    "phase-begin": lambda place, world: {"kind": "decision"},
    "phase-take-back": lambda place, world: {"kind": "decision"},
    "api-phase-begin": lambda place, world: {"kind": "decision"},
    "profile": lambda place, world: {"framework": "environment-gap"},
    "account-token-revoke:his": lambda place, world: {"token_id": world.token_of("omar")},
    "unsubscribe": lambda place, world: {"key": unsubscribe_key(world.cast.people["lena"].pk)},
    "person-reactivate": lambda place, world: {"username": "gone"},
    "person-hand-over": lambda place, world: {"username": "gone"},
    "person-erase": lambda place, world: {"username": "gone"},
    "successors": lambda place, world: {"username": "gone"},
    "audit-file": lambda place, world: {"form": "ndjson"},
    "audit-file:csv": lambda place, world: {"form": "csv"},
    "audit-candidates": lambda place, world: {"place": "people"},
    "audit-candidates:initiatives": lambda place, world: {"place": "initiatives"},
    "candidates": lambda place, world: {"place": "people"},
    "candidates:owner": lambda place, world: {"place": "owner"},
    "candidates:decider": lambda place, world: {"place": "decider"},
    "candidates:keeper": lambda place, world: {"place": "keeper"},
    "candidates:next-keeper": lambda place, world: {"place": "next-keeper"},
    "candidates:assignee": lambda place, world: {"place": "assignee"},
    "api-hand-over": lambda place, world: {"username": "gone"},
    "threshold-edit": lambda place, world: {"code": "no_activity"},
    "threshold-reset": lambda place, world: {"code": "no_activity"},
    "symptom": lambda place, world: {"code": "over_the_limit"},
    "limit-remove": lambda place, world: {"limit_id": LIMIT},
    "rate-remove": lambda place, world: {"rate_id": RATE},
    "framework-draft-section": lambda place, world: {"draft_id": DRAFT, "section": "basics"},
    **{
        f"framework-draft{part}": lambda place, world: {"draft_id": DRAFT}
        for part in ("", "-arrange", "-file", "-publish", "-discard")
    },
    **{
        f"framework-draft{part}": lambda place, world: {"draft_id": DRAFT, "part": 2}
        for part in ("-part", "-remove")
    },
    "api-rate": lambda place, world: {"rate_id": RATE},
    **{
        f"{door}webhook{part}": lambda place, world: {"webhook_id": HOOK}
        for door in ("", "api-")
        for part in ("", "-secret", "-switch", "-ping", "-remove", "-deliveries")
    },
    "webhook-replay": lambda place, world: {"webhook_id": HOOK, "delivery_id": HOOK},
    **{
        f"api-webhook-{part}": lambda place, world: {"webhook_id": HOOK, "delivery_id": HOOK}
        for part in ("delivery", "replay")
    },
    **{
        f"portfolio-report{part}": lambda place, world: {"report_id": REPORT}
        for part in ("", "-progress", "-resume", "-file")
    },
    "portfolio-reports-unsubscribe": lambda place, world: {
        "key": no_more_reports_key(world.cast.people["lena"].pk)
    },
    "view": lambda place, world: {"view_id": VIEW},
    "view-change": lambda place, world: {"view_id": VIEW},
    "view-delete": lambda place, world: {"view_id": VIEW},
    "view-start": lambda place, world: {"view_id": VIEW},
    "import": lambda place, world: {"work_id": IMPORT},
    "import-progress": lambda place, world: {"work_id": IMPORT},
    "import-left-out": lambda place, world: {"work_id": IMPORT},
    "import-run": lambda place, world: {"work_id": IMPORT},
    "import-resume": lambda place, world: {"work_id": IMPORT},
    "initiative-version": lambda place, world: {"slug": "environment-gap"},
    "api-initiative-version": lambda place, world: {"slug": "environment-gap"},
    "framework-detach": lambda place, world: {"slug": "conversational-ai"},
    "api-initiative-framework": lambda place, world: {"slug": "conversational-ai"},
    "api-problem": lambda place, world: {"code": "stale"},
}


def path_of(key: str, place: Place, world: World, who: str) -> Sent:
    """What stands in the path of a row: about this place, knocked at by this person."""
    return {
        "ref": place.ref,
        "initiative_id": place.initiative.pk,
        "code": "ARCH-1",
        "gate": "architecture",
        "section": "problem",
        "evidence_id": place.link,
        "condition_id": place.conditions["team"],
        "flag_id": place.flag,
        "handover_id": place.handover,
        "assignment_id": place.assignment,
        "snapshot_id": place.snapshot,
        "other_id": place.snapshot,
        "kpi_id": place.kpis["spare"],
        "reading_id": place.reading,
        "amendment_id": place.amendment,
        "criterion_id": place.exits["agreed"],
        "slug": "five-gate",
        "token_id": world.token_of(who),
        "username": "nils",
        "key": "no-key",
    } | PATHS.get(key, lambda place, world: {})(place, world)


KPI = {"name": "Handling time", "direction": "up"}


def _shown(place: Place, section: Section) -> Sent:
    """What the canvas showed of a section."""
    return {"seen": Content.of(place.initiative, place.initiative.created_by).seen(section)}


REWORK = {"decision": "rework", "reason": "We try another way."}
GO_ON = {"decision": "go_on", "reason": "The season is odd."}


def _criterion(place: Place) -> Sent:
    """An exit criterion but for its window."""
    kpi = {"kpi": place.kpis.get("watched", 1), "comparator": "over", "limit": "9"}
    return kpi | {"action": "stop", "decider": place.lead}


FACTS = {"name": "Claims triage", "business_problem": "Claims wait."}
PERSON = {"name": "Nora Berg", "function": "it", "roles": ["lead"]}

# Forms of pages, by route and variant. What is not here sends nothing.
FORMS: dict[str, Callable[[Place], Sent]] = {
    "initiative-new": lambda place: FACTS | {"priority": "normal", "visibility": "organisation", "stage": "poc"},
    "initiative-new:late": lambda place: FACTS
    | {"priority": "normal", "visibility": "organisation", "stage": "rollout"},
    "initiative-similar": lambda place: FACTS,
    "canvas-section": lambda place: _shown(place, PROBLEM) | {"business_problem": "Claims wait for weeks."},
    "canvas-section:people": lambda place: _shown(place, PEOPLE_SECTION) | {"people_members": ["lena", "nils"]},
    "canvas-section:htmx": lambda place: _shown(place, PROBLEM) | {"business_problem": "Claims wait for weeks."},
    "initiative-edit": lambda place: FACTS
    | {"priority": "high", "visibility": "team", "people_members": ["lena", "nils"]},
    "initiative-stage": lambda place: {"to": "intake", "reason": "Too early."},
    "initiative-stop": lambda place: LESSON,
    "initiative-hold": lambda place: HOLD | {"review_on": soon()},
    "initiative-frameworks": lambda place: {"framework": "conversational-ai"},
    "initiative-version": lambda place: {"to": NEWER},
    "frameworks-beginning": lambda place: {
        "to": "five-gate",
        "seen": "poc-checkpoints five-gate environment-gap",
    },
    "framework-publish": lambda place: {"file": SimpleUploadedFile("over.yaml", FRAMEWORK.encode())},
    "framework-copy": lambda place: {"name": "Our gates", "slug": "our-gates"},
    "framework-empty": lambda place: {"name": "Our gates", "slug": "our-gates", "kind": "gates"},
    "framework-draft-section": lambda place: {"seen": 1, "name": "Another name"},
    "framework-draft-part": lambda place: {"seen": 1, "title": "Another title"},
    "framework-draft-remove": lambda place: {"seen": 1},
    "framework-draft-arrange": lambda place: {"seen": 1, "down": 2},
    "framework-draft-publish": lambda place: {"seen": 1},
    "framework-draft-discard": lambda place: {"seen": 1},
    "material-change": lambda place: {"kind": "model", "note": "A newer one.", "gates": ["data"]},
    "handover-start": lambda place: {"leaver": place.lead},
    "handover": lambda place: {"points_setup_note": "In the wiki."},
    "initiative-comments": lambda place: {"body": "Met the works council today."},
    "initiative-comments:htmx": lambda place: {"body": "Met the works council today."},
    "item-assignment": lambda place: {"person": place.lead, "due": soon(), "version": "0"},
    "item-assignment:htmx": lambda place: {"person": place.lead, "due": soon(), "version": "0"},
    "assignment-end": lambda place: {"how": "done"},
    "assignment-end:htmx": lambda place: {"how": "done"},
    "what-worked": lambda place: {"made_it_work": "Two clerks tested every week."},
    "person-hand-over": lambda place: {"to": "mia"},
    "flag-cause": lambda place: {"root_cause": "integration", "note": "No interface yet."},
    "flag-snooze": lambda place: {"until": soon(), "reason": "On holiday."},
    "initiative-roadmap": lambda place: {"version": "0", "people": "Two developers."},
    "initiative-budget": lambda place: {"month": "2026-10", "data": "1000"},
    "profile": lambda place: {"ENV-1-answer": "partial"},
    "answer": lambda place: {"answer": "partial", "note": "Half of it."},
    "answer:htmx": lambda place: {"answer": "partial", "note": "Half of it."},
    "proposals-take": lambda place: {"take": ["CP1-1:partial:0"]},
    "evidence-add": lambda place: link() | {"title": "The wiki"},
    "evidence-add:htmx": lambda place: link() | {"title": "The wiki"},
    "evidence-add:file": lambda place: {"kind": "file", "file": paper(), "effective_on": today().isoformat()},
    "evidence-reuse": lambda place: {"evidence": place.link},
    "item-check": lambda place: {"check": "tests"},
    "evidence-reuse:htmx": lambda place: {"evidence": place.link},
    "gate-submit": lambda place: {"note": "Please look."},
    "gate-decide": lambda place: {
        "submission": place.submission, "decision": "return", "rationale": "Not yet.",
        "hold-reason": "", "hold-review_on": "",
    },
    "conditions-confirm": lambda place: {"condition": str(place.conditions["kept"])},
    "waiver-new": lambda place: {"item": "ARCH-1", "reason": "Accepted.", "expires_on": soon()},
    "condition-keep": lambda place: {"note": "Done."},
    "condition-keep:lead": lambda place: {"note": "Done."},
    "condition-keep:auditor": lambda place: {"note": "Done."},
    "condition-give": lambda place: {"owner": "ravi"},
    "condition-give:lead": lambda place: {"owner": "ravi"},
    "condition-reopen": lambda place: {"reason": "Not there."},
    "kpi-new": lambda place: KPI | {"kind": "technical"},
    "kpi-edit": lambda place: KPI | {"kind": "business"},
    "kpi-edit:locked": lambda place: KPI | {"kind": "business", "target": "5", "reason": "The market moved."},
    "exit-new": lambda place: _criterion(place) | {"window_days": "28"},
    "exit-edit": lambda place: _criterion(place) | {"window_days": "14"},
    "exit-decide": lambda place: REWORK | {"trigger": place.trigger},
    "exit-decide:go_on": lambda place: GO_ON | {"trigger": place.trigger, "expires_on": soon()},
    "reading-add": lambda place: {"on": today().isoformat(), "value": "12.5"},
    "reading-import": lambda place: {"file": numbers()},
    "reading-withdraw": lambda place: {"reason": "Miscounted."},
    "account-password": lambda place: {
        "current": PASSWORD, "password": "another long password", "repeated": "another long password"
    },
    "account-notifications": lambda place: {"mine": "at_once", "reviews": "daily", "team": "app"},
    "notifications-read": lambda place: {"upto": "1"},
    "account-tokens": lambda place: {"name": "BI export", "scopes": ["read"], "lasts": "30"},
    "people-list": lambda place: {"text": "Name,E-mail\nNora,nora@example.org\n"},
    "person-new": lambda place: PERSON | {"username": "nora"},
    "person-edit": lambda place: PERSON,
    "organisation": lambda place: {"name": "Ours", "time_zone": "Europe/Berlin", "currency": "EUR"},
    "threshold-edit": lambda place: {"any-days": "30"},
    "limits": lambda place: {"stage": "rollout", "business_unit": "", "most": "4"},
    "rates": lambda place: {"currency": "CHF", "rate": "1.05", "on": "2026-01-31"},
    "webhooks": lambda place: {"url": SENT_TO, "events": ["gate.decided"]},
    "webhook": lambda place: {"url": SENT_TO, "events": ["gate.decided"]},
    "webhook-switch": lambda place: {"on": "0"},
    "portfolio-reports": lambda place: {"format": "csv"},
    "portfolio-reports-monthly": lambda place: {"wanted": "1"},
    "view-save": lambda place: {"page": "portfolio", "query": "unit=sales", "name": "Sales"},
    "view-change": lambda place: {"name": "Mine", "shared": "on"},
    "imports": lambda place: spreadsheet(),
    "login": lambda place: {"username": "omar", "password": PASSWORD},
    "login:wrong": lambda place: {"username": "omar", "password": "not the password"},
    "password_reset": lambda place: {"email": "omar@example.com"},
}  # fmt: skip

# Bodies of the API.
CHECKED: Sent = {"item": "ARCH-1", "check": "tests", "result": "fail", "observed_at": "2026-01-31T06:00:00Z"}
BODIES: dict[str, Callable[[Place], Sent]] = {
    "api-initiatives": lambda place: FACTS | {"stage": "pilot"},
    "api-initiatives:late": lambda place: FACTS | {"stage": "live"},
    "api-initiative": lambda place: {"technology": "Trees"},
    "api-initiative:people": lambda place: {"visibility": "team", "people": {"deputy": "nils"}},
    "api-stage": lambda place: {"to": "intake", "reason": "Too early."},
    "api-stage:stop": lambda place: {"to": "stopped", "lesson": LESSON},
    "api-hold": lambda place: HOLD | {"review_on": soon()},
    "api-stakeholders": lambda place: {"stakeholders": [{"function": "it", "contact": "Platform"}]},
    "api-initiative-frameworks": lambda place: {"framework": "conversational-ai"},
    "api-initiative-version": lambda place: {"version": NEWER},
    "api-roadmap": lambda place: {"people": "Two developers."},
    "api-spending": lambda place: {"month": "2026-10", "amounts": {"data": "1000.00"}},
    "api-checklist": lambda place: {"answers": [{"code": "ARCH-1", "answer": "partial"}]},
    "api-item": lambda place: {"answer": "partial"},
    "api-item:evidence": lambda place: {"evidence": [link()]},
    "api-evidence-reuse": lambda place: {"evidence": place.link},
    "api-item-check": lambda place: {"check": "tests"},
    "api-checks": lambda place: CHECKED,
    "api-gate-submit": lambda place: {"note": "Please look."},
    "api-gate-decision": lambda place: {"decision": "return", "rationale": "Not yet."},
    "api-condition": lambda place: {"owner": "ravi"},
    "api-condition:lead": lambda place: {"owner": "ravi"},
    "api-condition-keep": lambda place: {"note": "Done."},
    "api-condition-keep:lead": lambda place: {"note": "Done."},
    "api-condition-keep:auditor": lambda place: {"note": "Done."},
    "api-conditions-confirm": lambda place: {"conditions": [place.conditions["kept"]]},
    "api-condition-reopen": lambda place: {"reason": "Not there."},
    "api-waivers": lambda place: {"item": "ARCH-1", "reason": "Accepted.", "expires_on": soon()},
    "api-kpis": lambda place: {"name": "Errors", "kind": "technical"},
    "api-kpi": lambda place: {"due": "after_launch"},
    "api-kpi:locked": lambda place: {"target": "5", "reason": "The market moved."},
    "api-exit-criteria": lambda place: _criterion(place) | {"window_days": 28},
    "api-exit-criterion": lambda place: {"limit": "4"},
    "api-exit-decision": lambda place: REWORK,
    "api-exit-decision:go_on": lambda place: GO_ON | {"expires_on": soon()},
    "api-readings": lambda place: {"on": today().isoformat(), "value": 12.5},
    "api-reading": lambda place: {"reason": "Miscounted."},
    "api-material-change": lambda place: {"kind": "model", "note": "A newer one.", "gates": ["data"]},
    "api-handovers": lambda place: {"leaver": place.lead},
    "api-handover": lambda place: {"points": {"setup": {"note": "In the wiki.", "done": True}}},
    "api-hand-over": lambda place: {"to": "mia"},
    "api-comments": lambda place: {"body": "Met the works council today."},
    "api-assignments": lambda place: {"item": "DATA-1", "person": place.lead, "due": soon()},
    "api-assignment": lambda place: {"due": soon()},
    "api-assignment-end": lambda place: {"outcome": "done"},
    "api-what-worked": lambda place: {"made_it_work": "Two clerks tested every week."},
    "api-flag-cause": lambda place: {"root_cause": "integration"},
    "api-flag-snooze": lambda place: {"until": soon(), "reason": "On holiday."},
    "api-rates": lambda place: {"currency": "CHF", "rate": "1.05", "on": "2026-01-31"},
    "api-webhooks": lambda place: {"url": SENT_TO, "events": ["gate.decided"]},
    "api-webhook": lambda place: {"events": ["gate.decided"]},
    "api-starting-frameworks": lambda place: {"frameworks": ["five-gate"]},
    "api-limits": lambda place: {"limits": [{"stage": "rollout", "most": 4}]},
}
# The one form of the API.
UPLOADS: dict[str, Callable[[Place], Sent]] = {
    "api-item-evidence": lambda place: {"file": paper(), "effective_on": today().isoformat()},
}
# Bodies that are a document of their own, as YAML.
DOCUMENTS: dict[str, str] = {"api-frameworks": FRAMEWORK}


def body_of(key: str, place: Place) -> Sent:
    """The body of a REST write and its type, as the test client takes them."""
    if key in UPLOADS:
        return {"data": UPLOADS[key](place)}
    if key in DOCUMENTS:
        return {"data": DOCUMENTS[key], "content_type": "application/yaml"}
    body = BODIES.get(key, lambda place: {})(place)
    return {"data": body, "content_type": "application/json"}


def _on_hold(place: Place, world: World) -> None:
    if not place.initiative.has_ended:
        lead = "tess" if place is world.places["others"] else "lena"
        by = Actor.person(world.cast.people[lead])
        set_hold(place.initiative.pk, "The vendor is bought.", today() + timedelta(days=20), by, clock.now())


def _measured_by_a_check(place: Place, world: World) -> None:
    rows = Answer.objects.filter(assessment__passage__initiative=place.initiative, item__code="ARCH-1")
    rows.update(check_name="tests")


def _in_a_demo(place: Place, world: World) -> None:
    Organisation.objects.update(demo=True)


def _a_threshold(place: Place, world: World) -> None:
    Threshold.objects.create(code="no_activity", stage="", key="days", value=30)


def _a_limit(place: Place, world: World) -> None:
    ParallelLimit.objects.create(pk=LIMIT, stage="rollout", most=4)


def _a_rate(place: Place, world: World) -> None:
    Rate.objects.create(pk=RATE, currency="CHF", into="EUR", on=today(), rate="1.05", entered_at=clock.now())


def _a_draft(place: Place, world: World) -> None:
    """Of the next version of five-gate, with nothing wrong in it."""
    row, at = Framework.objects.current().with_content().get(slug="five-gate"), clock.now()
    document = taken_over(stored_framework(row)) | {"version": NEWER}
    FrameworkDraft.objects.create(pk=DRAFT, document=document, based_on=row, created_at=at, changed_at=at)


def _a_webhook(place: Place, world: World) -> None:
    """With a parked delivery."""
    at, seed = clock.now(), new_seed("a key")
    hook = Endpoint.objects.create(
        pk=HOOK, url=SENT_TO, events=["gate.submitted"], salt=seed.salt, key_mark=seed.mark, read_up_to=0,
        created_at=at,
    )  # fmt: skip
    Delivery.objects.create(
        pk=HOOK, endpoint=hook, message_id="evt_1_1", kind="gate.submitted", initiative=place.initiative,
        body="{}", state="parked", attempts=10, made_at=at, due_at=at, ended_at=at,
    )  # fmt: skip


def _a_view_of_lenas(place: Place, world: World) -> None:
    """Shared with nobody."""
    SavedView.objects.create(
        pk=VIEW, owner=world.cast.people["lena"], name="Mine", name_key="mine", page="portfolio",
        created_at=clock.now(),
    )  # fmt: skip


def _a_checked_import(place: Place, world: World) -> None:
    at = clock.now()
    LongWork.objects.create(
        pk=IMPORT, kind="import.check", title="list.csv", by=world.cast.people["ada"], state="done",
        result={"left_out_count": 0}, asked_at=at, beat_at=at, ended_at=at,
    )  # fmt: skip


def _an_import_with_rows_left_out(place: Place, world: World) -> None:
    _a_checked_import(place, world)
    if not default_storage.exists(LEFT_OUT_FILE):
        default_storage.save(LEFT_OUT_FILE, ContentFile(b'{"columns": ["Name"]}\n'))
    LongWork.objects.filter(pk=IMPORT).update(result={"left_out_count": 1, "remains": LEFT_OUT_FILE})


def _a_report_of_elsas(place: Place, world: World) -> None:
    if not making.store().exists(REPORT_FILE):
        making.store().save(REPORT_FILE, ContentFile(b"Reference"))
    at = clock.now()
    Report.objects.create(
        pk=REPORT, person=world.cast.people["elsa"], format="csv", language="en", asked_at=at, made_at=at,
        file_key=REPORT_FILE, size=9,
    )  # fmt: skip


def _lena_gets_it_each_month(place: Place, world: World) -> None:
    Subscription.objects.create(person=world.cast.people["lena"], since=today())


def _in_the_pilot(place: Place, world: World) -> None:
    if not place.initiative.has_ended:
        Initiative.objects.filter(pk=place.initiative.pk).update(stage="pilot")


def _in_its_first_phase(place: Place, world: World) -> None:
    roadmap = Roadmap.objects.create(initiative=place.initiative, updated_at=clock.now())
    RoadmapPhase.objects.create(roadmap=roadmap, kind="decision", began_on=today())


def _live(place: Place, world: World) -> None:
    if not place.initiative.has_ended:
        Initiative.objects.filter(pk=place.initiative.pk).update(stage="live")


def _an_authenticator(place: Place, world: World) -> None:
    nils = world.cast.people["nils"]
    Authenticator.objects.create(user=nils, salt="", key_mark="", last_step=0, set_up_at=clock.now())


def _nobodys_place(place: Place, world: World) -> None:
    TeamRole.objects.filter(user__username="gone", until__isnull=True).update(until=clock.now())


def _a_newer_version(place: Place, world: World) -> None:
    """Of the profile, which every initiative has."""
    row = Framework.objects.current().with_content().get(slug="environment-gap")
    if row.version != NEWER:
        load_framework(replace(stored_framework(row), version=NEWER), clock.now())


def _an_overlay(place: Place, world: World) -> None:
    """Attached, and nothing done in it."""
    overlay = Framework.objects.current().get(slug="conversational-ai")
    at = clock.now()
    Passage.objects.create(
        initiative=place.initiative,
        assessment=Assessment.objects.create(framework=overlay, created_at=at),
        framework_slug=overlay.slug,
        position=9,
        attached_at=at,
    )


# What has to stand before somebody knocks, by row and method.
BEFORE: dict[tuple[str, str], Callable[[Place, World], None]] = {
    ("api-hold", "DELETE"): _on_hold,
    ("initiative-version", "GET"): _a_newer_version,
    ("initiative-version", "POST"): _a_newer_version,
    ("api-initiative-version", "GET"): _a_newer_version,
    ("api-initiative-version", "POST"): _a_newer_version,
    ("framework-detach", "POST"): _an_overlay,
    ("api-initiative-framework", "DELETE"): _an_overlay,
    ("api-item-check:free", "DELETE"): _measured_by_a_check,
    ("phase-begin", "POST"): _in_the_pilot,
    ("phase-take-back", "POST"): _in_its_first_phase,
    ("api-phase-begin", "POST"): _in_the_pilot,
    ("api-phase-begin", "DELETE"): _in_its_first_phase,
    ("threshold-reset", "POST"): _a_threshold,
    ("what-worked", "GET"): _live,
    ("what-worked", "POST"): _live,
    ("api-what-worked", "PUT"): _live,
    ("limit-remove", "POST"): _a_limit,
    ("person-two-factor-reset", "POST"): _an_authenticator,
    ("person-erase", "POST"): _nobodys_place,
    ("rate-remove", "POST"): _a_rate,
    **{
        (f"framework-draft{part}", method): _a_draft
        for part in ("", "-section", "-part", "-remove", "-arrange", "-file", "-publish", "-discard")
        for method in ("GET", "POST")
    },
    ("api-rate", "GET"): _a_rate,
    ("api-rate", "DELETE"): _a_rate,
    **{
        (key, method): _a_webhook
        for method, keys in {
            "GET": (
                *("webhook", "webhook-remove"),
                *("api-webhook", "api-webhook-deliveries", "api-webhook-delivery"),
            ),
            "POST": (
                *(
                    "webhook",
                    "webhook-secret",
                    "webhook-switch",
                    "webhook-ping",
                    "webhook-remove",
                    "webhook-replay",
                ),
                *("api-webhook-secret", "api-webhook-ping", "api-webhook-replay"),
            ),
            "PATCH": ("api-webhook",),
            "DELETE": ("api-webhook",),
        }.items()
        for key in keys
    },
    ("portfolio-report", "GET"): _a_report_of_elsas,
    ("portfolio-report-progress", "GET"): _a_report_of_elsas,
    ("portfolio-report-resume", "POST"): _a_report_of_elsas,
    ("portfolio-report-file", "GET"): _a_report_of_elsas,
    ("portfolio-reports-unsubscribe", "POST"): _lena_gets_it_each_month,
    ("view", "GET"): _a_view_of_lenas,
    ("view-change", "POST"): _a_view_of_lenas,
    ("view-delete", "POST"): _a_view_of_lenas,
    ("view-start", "POST"): _a_view_of_lenas,
    ("import", "GET"): _a_checked_import,
    ("import-progress", "GET"): _a_checked_import,
    ("import-left-out", "GET"): _an_import_with_rows_left_out,
    ("import-run", "POST"): _a_checked_import,
    ("import-resume", "POST"): _a_checked_import,
    ("organisation-end-demo", "GET"): _in_a_demo,
    ("organisation-end-demo", "POST"): _in_a_demo,
}
