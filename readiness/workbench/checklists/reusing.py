"""Evidence that another item of the same initiative already has, to be attached to this one with one click."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from checklists.models import Evidence, EvidenceKind, Item
from checklists.scoring import good_through
from gates.models import Initiative
from readiness.accounts.policy import Act
from readiness.actions.errors import Conflict
from readiness.actions.reuse import REUSABLE_KINDS, holds_at, reuse_evidence
from readiness.clock import now
from readiness.standing.judgement import Judgement
from readiness.standing.links import checklist_url
from readiness.standing.words import Word
from readiness.workbench.checklists.countdown import countdown
from readiness.workbench.checklists.pieces import piece_url, site_of
from readiness.workbench.checklists.places import GatePlace, gate_within, header_at
from readiness.workbench.checklists.words import EVIDENCE_ICONS, EVIDENCE_KINDS
from readiness.workbench.checklists.written import (
    Told,
    Written,
    back_to,
    by_htmx,
    item_of,
    show_written,
)
from readiness.workbench.finding import actor_of, acts_of, find_initiative
from readiness.workbench.refusals import gone_by, must

SHOWN_MAX = 20


class ReuseForm(forms.Form):
    evidence = forms.IntegerField(min_value=1, max_value=2**63 - 1)


@dataclass(slots=True)
class Offered:
    """A piece that can be attached, and what ``items`` have it: titles by code. ``holds``: for how long here."""

    evidence: Evidence
    icon: str
    kind: str
    site: str
    href: str
    holds: Word
    items: dict[str, str] = field(default_factory=dict)

    def speaks_of(self, words: list[str]) -> bool:
        """Whether every word that is searched for stands somewhere in it."""
        piece = self.evidence
        told = (
            piece.title,
            piece.url,
            piece.file_name,
            piece.stated_by,
            self.kind,
            *self.items,
            *self.items.values(),
        )
        text = " ".join(told).casefold()
        return all(word in text for word in words)


@require_http_methods(["GET", "HEAD", "POST"])
def evidence_reuse(request: HttpRequest, ref: str, code: str) -> HttpResponse:
    """The list of what could be attached here (``q`` searches it); sent with ``evidence``, that piece is."""
    initiative = find_initiative(request, ref)
    item = item_of(initiative, code)
    must(Act.ANSWER, acts_of(request, initiative))
    if request.method == "POST":
        return _attach(request, initiative, item)
    if initiative.has_ended:
        return gone_by(request, initiative)
    place = gate_within(request, initiative, item.gate.slug, now())
    search = request.GET.get("q", "")[:200]
    found = [one for one in offered(place, item) if one.speaks_of(search.casefold().split())]
    context = {
        "initiative": initiative,
        "item": item,
        "header": header_at(place, checklist_url, crumb=item.code),
        "found": found[:SHOWN_MAX],
        "count": len(found),
        "search": search,
        "back": checklist_url(initiative.ref, item.gate.slug, code),
    }
    return render(request, f"workbench/checklist/{'_reuse' if by_htmx(request) else 'reuse'}.html", context)


def _attach(request: HttpRequest, initiative: Initiative, item: Item) -> HttpResponse:
    at, form = now(), ReuseForm(request.POST)
    written = Written(Told.REUSED, at)
    key = form.cleaned_data["evidence"] if form.is_valid() else 0
    try:
        written.outcome = reuse_evidence(initiative.pk, key, item.code, actor_of(request), at)
    except Conflict as refused:
        written.told, written.refusal = Told.REFUSED, refused.message
    if written.done and not by_htmx(request):
        return back_to(initiative, item, written.told)
    again = find_initiative(request, initiative.ref)
    place = gate_within(request, again, item.gate.slug, at, written.outcome)
    return show_written(request, place, item.code, written)


def offered(place: GatePlace, item: Item) -> list[Offered]:
    """The initiative's pieces that would allow Met at this item today and do not lie there, newest first, each once."""
    today, max_age = place.judgement.as_of, item.evidence_max_age_days
    here = {one.fingerprint for one in place.passage.evidence.get(item.code, ()) if one.withdrawn_at is None}
    found: dict[str, Offered] = {}
    for code, title, piece in _pieces(place.judgement):
        if (
            piece.fingerprint in here
            or piece.kind not in REUSABLE_KINDS
            or not holds_at(piece, max_age, today)
        ):
            continue
        if piece.fingerprint not in found:
            kind = EvidenceKind(piece.kind)
            found[piece.fingerprint] = Offered(
                evidence=piece,
                icon=EVIDENCE_ICONS[kind],
                kind=str(EVIDENCE_KINDS[kind]),
                site=site_of(piece.url),
                href=piece_url(place.initiative.ref, piece.pk, kind, piece.url),
                holds=countdown(good_through([piece.counted], max_age), today),
            )
        found[piece.fingerprint].items[code] = title
    return sorted(found.values(), key=lambda one: (one.evidence.received_at, one.evidence.pk), reverse=True)


def _pieces(judgement: Judgement) -> Iterator[tuple[str, str, Evidence]]:
    """Every piece of the initiative with the code and title of its item."""
    for passage, states in judgement.passages:
        titles = {one.item.code: one.item.title for state in states for one in state.items}
        for code, pieces in passage.evidence.items():
            for piece in pieces:
                yield code, titles[code], piece
