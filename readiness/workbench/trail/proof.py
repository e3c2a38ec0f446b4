"""The proof of the chain, part by part, and whether it still holds what was noted of it outside."""

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from readiness.accounts.models import Organisation
from readiness.audit.anchors import TEXT_MAX, Mark, Sought, mark_in, sought
from readiness.audit.chain import Breach, Broken
from readiness.audit.models import Event
from readiness.audit.proving import PART, START, Place, Proof, head_of_chain, prove, sealed, unsealed
from readiness.ui.lazily import gettext_lazy
from readiness.ui.local import long_day
from readiness.ui.markup import figure
from readiness.ui.parts import Link
from readiness.workbench.finding import organisation_of
from readiness.workbench.trail.views import auditor_of

BREACHES = {
    Breach.MISSING: gettext_lazy(
        "Event %(seq)s is not there, and later ones are: it was deleted past the product."
    ),
    Breach.UNLINKED: gettext_lazy(
        "Event %(seq)s does not carry the hash of the event before it: one of the two was replaced, moved or put in "
        "between, past the product."
    ),
    Breach.ALTERED: gettext_lazy(
        "What event %(seq)s says does not give the hash that was recorded with it: its content, or the hash, was "
        "changed afterwards, past the product."
    ),
    Breach.LENGTH: gettext_lazy(
        "At event %(seq)s the trail does not end where its head says: the newest events were deleted, others were "
        "added, or the head was changed, past the product."
    ),
    Breach.HEAD: gettext_lazy(
        "Event %(seq)s, the last one, does not have the hash that the head names: the head was changed, or the end of "
        "the trail was written anew, past the product."
    ),
}


@dataclass(frozen=True, slots=True)
class Told:
    """A sentence with the tone of what it says."""

    tone: str
    title: str
    words: str


class ProofForm(forms.Form):
    """``begun`` is the sealed place from which a proof that was begun goes on."""

    mark = forms.CharField(
        label=gettext_lazy("Noted earlier"),
        help_text=gettext_lazy(
            "A hash that was noted, or the last line of an earlier download: you learn whether the trail still "
            "contains it."
        ),
        required=False,
        max_length=TEXT_MAX,
        widget=forms.Textarea({"rows": 3, "spellcheck": "false", "autocomplete": "off"}),
    )
    begun = forms.CharField(required=False, widget=forms.HiddenInput, max_length=500)

    def clean_mark(self) -> Mark | None:
        text: str = self.cleaned_data["mark"]
        mark = mark_in(text)
        if text and mark is None:
            raise ValidationError(
                _(
                    "No hash was found in it: 64 digits and letters from a to f, alone or in a line of a download."
                )
            )
        return mark

    def clean_begun(self) -> Place:
        word = self.cleaned_data["begun"]
        place = unsealed(word) if word else START
        if place is None:
            raise ValidationError(_("This check was begun too long ago. Begin anew."))
        return place


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def audit_proof(request: HttpRequest) -> HttpResponse:
    """Where the chain ends; a POST proves it, or the next part of it. It only reads."""
    auditor_of(request)
    form = ProofForm(request.POST if request.method == "POST" else None)
    proof: Proof | None = None
    mark: Mark | None = None
    noted: Told | None = None
    if form.is_bound and form.is_valid():
        proof = prove(form.cleaned_data["begun"], PART)
        mark = form.cleaned_data["mark"]
        noted = _noted(sought(mark), proof, organisation_of(request)) if mark else None
    context = {
        "form": form,
        "head": _event_at(proof.head if proof else head_of_chain()),
        "part": figure(PART),
        "proof": proof,
        "noted": noted,
        "mark": f"{mark.seq or ''} {mark.hash}".strip() if mark else "",
        "crumbs": [Link(label=_("Audit trail"), href=reverse("audit"))],
        "on": sealed(proof.reached) if proof and not proof.ended else "",
        "first": _event_at(START) if proof else None,
        "reached": _event_at(proof.reached) if proof else None,
        "broken": _breach(proof.broken) if proof and proof.broken else "",
    }
    return render(request, "workbench/trail/proof.html", context, status=422 if form.errors else 200)


def _event_at(place: Place) -> dict[str, Any]:
    """The number and hash of a place, and when its event was; of the start, the first event's."""
    row = Event.objects.filter(seq=max(place.seq, 1)).values("at").first()
    return {"seq": place.seq, "hash": place.hash, "at": row["at"] if row else None}


def _breach(broken: Broken) -> str:
    return str(BREACHES[broken.breach]) % {"seq": figure(broken.seq)}


def _noted(found: Sought, proof: Proof, organisation: Organisation) -> Told:
    """What became of what was noted outside, as far as the proof has come."""
    event = found.event
    if event is None and found.other is not None:
        words = _(
            "Event %(seq)s has another hash today: it, or one before it, was changed since that was noted."
        )
        return Told(
            "critical", _("What was noted does not stand any more"), words % {"seq": figure(found.other.seq)}
        )
    if event is None:
        words = _(
            "No event has this hash. The trail was written anew or cut off since it was noted, or it was noted in "
            "another installation."
        )
        return Told("critical", _("The trail does not contain what was noted"), words)
    told = {"seq": figure(event.seq), "day": long_day(organisation.day_of(event.at))}
    if event.seq <= proof.reached.seq:
        words = _("It is event %(seq)s of %(day)s. Nothing up to there was changed since it was noted.")
        return Told("good", _("The trail still contains what was noted"), words % told)
    if proof.broken:
        words = _(
            "It stands at event %(seq)s of %(day)s, but the chain is broken before: what led to it was changed."
        )
        return Told("critical", _("What was noted does not hold any more"), words % told)
    words = _(
        "It stands at event %(seq)s of %(day)s. Whether it holds is known once the check has come that far."
    )
    return Told("info", _("What was noted is there"), words % told)
