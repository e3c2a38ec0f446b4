"""The decision page: what changed, what is decided, what is said at items, and the way on to the next one."""

from dataclasses import dataclass, field
from datetime import datetime

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from checklists.said import capitalised
from gates.criteria import GateKind
from gates.rules import DecisionKind
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict, Invalid, NotAllowed, Stale
from readiness.actions.gates import Seen, decide_gate, item_versions
from readiness.actions.waivers import grant_waiver
from readiness.clock import now
from readiness.standing.links import gate_url, initiative_url
from readiness.standing.words import decision_labels
from readiness.ui.local import within
from readiness.ui.parts import Link
from readiness.ui.saying import content, say
from readiness.workbench.checklists.gates import shown_blockers
from readiness.workbench.checklists.places import GatePlace, find_gate
from readiness.workbench.choosing.places import Place, candidates_at
from readiness.workbench.finding import actor_of, organisation_of, person_of
from readiness.workbench.initiatives.blockers import ShownBlocker
from readiness.workbench.initiatives.found_cause import found_cause
from readiness.workbench.refusals import gone_by, must
from readiness.workbench.reviews.forms import DecisionSheet, RemarkForm, WaiverPart
from readiness.workbench.reviews.items import ReviewItem
from readiness.workbench.reviews.review import Review, review_of
from readiness.workbench.reviews.since import Writing
from readiness.workbench.reviews.waiting import WaitingRow, to_decide


@dataclass(slots=True)
class Told:
    """What the page says of what was sent: why it was refused, with what stands in the way; or what was done.

    ``moved``: items that somebody changed after the page was opened, with how many times.
    """

    status: int = 200
    refusal: str = ""
    code: str = ""
    blockers: list[ShownBlocker] = field(default_factory=list)
    moved: dict[str, int] = field(default_factory=dict)
    done: str = ""


@require_http_methods(["GET", "HEAD", "POST"])
def gate_decide(request: HttpRequest, ref: str, gate: str) -> HttpResponse:
    at = now()
    place = find_gate(request, ref, gate, at)
    if place.kind == GateKind.PROFILE:
        raise Http404
    must(Act.DECIDE, place.acts)
    if request.method != "POST":
        if place.initiative.has_ended:
            return gone_by(request, place.initiative)
        if gate not in place.passage.waiting:
            messages.info(request, _("Nothing waits for a decision here."))
            return redirect(gate_url(ref, gate))
    sheet = sheet_of(request, place)
    told = Told()
    if sheet.grants:
        told = _grant(request, place, sheet, at)
    elif sheet.is_asked:
        told = _decide(request, place, sheet, at)
        if told.status == 200:
            return _decided(request, place, sheet, at)
    if sheet.is_sent:
        place = find_gate(request, ref, gate, at)
    review = review_of(request, place, at)
    if told.status == 409:
        sheet.show(shown(place))
    context = {
        "review": review,
        "sheet": sheet,
        "initiative": place.initiative,
        "told": told,
        "moved": _moved(review, told),
        "meanwhile": review.last if told.code == "nothing_submitted" else None,
        "changed": _with_forms(review.changed_items, sheet, review),
        "unchanged": _with_forms(review.unchanged_items, sheet, review),
        "unfolded": any(one.code in sheet.items_refused for one in review.unchanged_items),
        "nav_section": reverse("reviews"),
        "onward": _next_link(request, place, at),
    }
    return render(request, "workbench/gates/decide.html", context, status=told.status)


def _with_forms(
    items: list[ReviewItem], sheet: DecisionSheet, review: Review
) -> list[tuple[ReviewItem, RemarkForm | None, WaiverPart | None]]:
    """Each item with its forms; without where nothing can be decided, as there is no form to send them with."""
    if review.page.barred or not (review.possible or sheet.is_sent):
        return [(one, None, None) for one in items]
    return [(one, sheet.remarks[one.code], sheet.waivers[one.code]) for one in items]


def _next_link(request: HttpRequest, place: GatePlace, at: datetime) -> Link | None:
    """To the one that waits longest after this, round to the first again; None where nothing else waits."""
    rows = [row for row in to_decide(person_of(request), organisation_of(request), at) if row.mine]
    here = (place.passage.passage_id, place.row.pk)
    keys = [(row.submission.passage_id, row.submission.gate_id) for row in rows]
    others = rows[keys.index(here) + 1 :] + rows[: keys.index(here)] if here in keys else rows
    if not others:
        return None
    label = ngettext("Skip to the next (%(n)s more)", "Skip to the next (%(n)s more)", len(others))
    return Link(label=label % {"n": len(others)}, href=others[0].decide_url)


def sheet_of(request: HttpRequest, place: GatePlace) -> DecisionSheet:
    codes = [one.item.code for one in place.state.items]
    data = request.POST if request.method == "POST" else None
    return DecisionSheet(
        place.kind,
        candidates_at(Place.KEEPER, place.initiative, person_of(request)),
        shown(place),
        codes,
        found_cause(place.initiative),
        data,
    )


def shown(place: GatePlace) -> Seen:
    """What a page about this gate shows: its waiting submission (0 where there is none) and its items' versions."""
    waiting = place.passage.waiting.get(place.slug)
    return Seen(waiting.pk if waiting else 0, item_versions(place.passage, place.state))


def _decide(request: HttpRequest, place: GatePlace, sheet: DecisionSheet, at: datetime) -> Told:
    """Take the decision on what the page showed, and on nothing else."""
    if not sheet.is_valid():
        return Told(422)
    try:
        decide_gate(
            place.initiative.pk,
            place.slug,
            sheet.kind_given,
            sheet.form.cleaned_data["rationale"],
            actor_of(request),
            at,
            conditions=sheet.conditions,
            lesson=sheet.lesson.cleaned_data if sheet.stops else None,
            hold=sheet.hold_given,
            item_comments=sheet.item_comments,
            seen=sheet.seen,
        )
    except Invalid as refused:
        sheet.take_errors(refused)
        return Told(422)
    except Conflict as refused:
        blockers = shown_blockers(place.initiative.ref, refused.blockers)
        return Told(409, refused.message, refused.code, blockers)
    except Stale:
        text = _("This was changed after you opened the page. Look at what changed, then decide.")
        return Told(409, text, "stale", moved=_since(sheet.seen, shown(place)))
    return Told()


def _grant(request: HttpRequest, place: GatePlace, sheet: DecisionSheet, at: datetime) -> Told:
    """A waiver for one item, asked for in the middle of a decision: everything else stays as typed."""
    form = sheet.waivers.get(sheet.grants)
    if form is None or not form.is_valid():
        return Told(422)
    given = form.cleaned_data
    try:
        grant_waiver(
            place.initiative.pk, sheet.grants, given["reason"], given["expires_on"], actor_of(request), at
        )
    except Invalid as refused:
        form.take_errors(refused)
        return Told(422)
    except Conflict as refused:
        return Told(409, refused.message, refused.code)
    except NotAllowed as refused:
        return Told(403, refused.message, refused.code)
    sheet.forget_waiver()
    done = _("%(item)s is under a waiver. It still does not count as met.") % {"item": sheet.grants}
    return Told(done=done)


def _since(seen: Seen, current: Seen) -> dict[str, int]:
    """Of each item that moved how often it did."""
    moved = {code: current.versions.get(code, 0) - version for code, version in seen.versions.items()}
    return {code: times for code, times in moved.items() if times}


def _moved(review: Review, told: Told) -> dict[str, list[Writing]]:
    """What was written at each item that moved, the newest last; empty where evidence was withdrawn."""
    return {
        code: [one for one in review.writings if one.item == code][-times:] if times > 0 else []
        for code, times in told.moved.items()
    }


def _decided(request: HttpRequest, place: GatePlace, sheet: DecisionSheet, at: datetime) -> HttpResponse:
    said = within(decision_labels(place.kind)[sheet.decision])
    rows = [row for row in to_decide(person_of(request), organisation_of(request), at) if row.mine]
    done = _("Decided. %(gate)s: %(decision)s.") % {
        "gate": say(capitalised(place.state.gate.label)),
        "decision": said,
    }
    messages.success(request, format_html("{} {}", done, _onward(rows)))
    stopped = sheet.kind_given == DecisionKind.STOP
    ref = place.initiative.ref
    return redirect(initiative_url(ref) if stopped else gate_url(ref, place.slug))


def _onward(rows: list[WaitingRow]) -> SafeString | str:
    """The way to the one that waits longest."""
    if not rows:
        return _("Nothing else waits for you.")
    first = rows[0]
    words = _("Next: %(initiative)s, %(gate)s (%(n)s left)") % {
        "initiative": first.initiative.name,
        "gate": content(first.submission.gate.name),
        "n": len(rows),
    }
    shape = '<br><a class="button button--primary" href="{}"><span class="button__words">{}</span></a>'
    return format_html(shape, first.decide_url, words)
