"""One gate of one initiative: found through what the person may see, with everything its pages are built from."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache
from itertools import groupby

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from checklists.models import Gate
from gates.criteria import GateKind
from gates.models import Initiative
from gates.rules import GateState
from readiness.accounts.policy import Act
from readiness.standing.facts import PassageFacts
from readiness.standing.judgement import Judgement
from readiness.standing.links import checklist_url
from readiness.standing.models import GateStanding
from readiness.standing.outcome import Outcome
from readiness.standing.recompute import fresh_outcome, judge_to_show
from readiness.ui.parts import Link, Step
from readiness.ui.saying import content
from readiness.workbench.finding import acts_of, find_initiative
from readiness.workbench.header import CHECKLIST, Header, gate_step, header_of

PageOf = Callable[[str, str], str]
"""From an initiative's reference and a gate's slug to a page about both, such as ``checklist_url``."""

KIND_WORDS = {GateKind.GATE: "gate", GateKind.CHECKPOINT: "checkpoint", GateKind.PROFILE: "profile"}
KIND_NAMES = {
    GateKind.GATE: gettext_lazy("Gate"),
    GateKind.CHECKPOINT: gettext_lazy("Checkpoint"),
    GateKind.PROFILE: gettext_lazy("Profile"),
}
TITLES = {
    GateKind.GATE: gettext_lazy("Gate: %(name)s"),
    GateKind.CHECKPOINT: gettext_lazy("Checkpoint: %(name)s"),
    GateKind.PROFILE: gettext_lazy("Profile: %(name)s"),
}
TRACKS = {
    GateKind.GATE: gettext_lazy("%(framework)s: its gates"),
    GateKind.CHECKPOINT: gettext_lazy("%(framework)s: its checkpoints"),
    GateKind.PROFILE: gettext_lazy("%(framework)s: its profiles"),
}


@dataclass(frozen=True, slots=True)
class GatePlace:
    """A gate (or checkpoint, or profile) of an initiative as it stands, and what the person may do there.

    ``row`` is the framework's text of the gate; ``gates`` are the gates of its framework in order, as stored.
    """

    initiative: Initiative
    outcome: Outcome
    judgement: Judgement
    passage: PassageFacts
    state: GateState
    row: Gate
    gates: list[GateStanding]
    acts: frozenset[Act]
    today: date

    @property
    def slug(self) -> str:
        return self.row.slug

    @property
    def kind(self) -> GateKind:
        return self.state.gate.kind

    @property
    def word(self) -> str:
        """What the page calls it: gate, checkpoint or profile."""
        return KIND_WORDS[self.kind]

    @property
    def title(self) -> str:
        """What its own page is headed: Gate: Data, Checkpoint: Before the PoC."""
        return str(TITLES[self.kind]) % {"name": content(self.row.name)}

    @property
    def checklist_title(self) -> str:
        """The profile has one list only, which goes by the framework's name."""
        if self.kind == GateKind.PROFILE:
            return str(content(self.row.framework.name))
        return _("Checklist: %(name)s") % {"name": content(self.row.name)}

    @property
    def standing(self) -> GateStanding:
        return next(gate for gate in self.gates if gate.gate == self.slug)

    @property
    def may_answer(self) -> bool:
        return Act.ANSWER in self.acts and not self.initiative.has_ended

    @property
    def may_submit(self) -> bool:
        return Act.SUBMIT in self.acts and not self.initiative.has_ended


def find_gate(request: HttpRequest, ref: str, slug: str, at: datetime) -> GatePlace:
    """The gate, if this person may know of the initiative and it has such a gate; else 404."""
    return gate_within(request, find_initiative(request, ref), slug, at)


def gate_within(
    request: HttpRequest,
    initiative: Initiative,
    slug: str,
    at: datetime,
    outcome: Outcome | None = None,
    acts: frozenset[Act] | None = None,
) -> GatePlace:
    """The gate of an initiative that was found before; ``outcome`` where an act has just computed it.

    ``acts``: what the person may do there, where that was asked already.
    """
    outcome = outcome or fresh_outcome(initiative.pk, at)
    judgement = outcome.judgement or judge_to_show(initiative.pk, at)
    found = judgement.gate(slug)
    if found is None:
        raise Http404
    passage, state = found
    return GatePlace(
        initiative=initiative,
        outcome=outcome,
        judgement=judgement,
        passage=passage,
        state=state,
        row=text_of(passage.framework.pk, passage.framework.checksum, slug),
        gates=[gate for gate in outcome.gates if gate.framework == passage.framework.slug],
        acts=acts_of(request, initiative) if acts is None else acts,
        today=judgement.today,
    )


@lru_cache(maxsize=256)
def text_of(framework_id: int, checksum: str, slug: str) -> Gate:
    """A gate with its items as the framework says them: a published version never changes, so it is read once."""
    rows = Gate.objects.select_related("framework").prefetch_related("items")
    return rows.get(framework=framework_id, framework__checksum=checksum, slug=slug)


def header_at(place: GatePlace, page_of: PageOf, crumb: str) -> Header:
    """The strip above a page about this gate; its track leads to the same page of the framework's other gates."""
    header = header_of(place.initiative, place.outcome, crumb=crumb, section=CHECKLIST)
    return replace(header, track=track_of(place, page_of))


def track_of(place: GatePlace, page_of: PageOf) -> list[Step]:
    """One station a gate; nothing where there is only one."""
    if len(place.gates) < 2:
        return []
    ref = place.initiative.ref
    steps = [gate_step(place.initiative, gate, current=gate.gate == place.slug) for gate in place.gates]
    return [
        replace(step, href=page_of(ref, gate.gate)) for step, gate in zip(steps, place.gates, strict=True)
    ]


def track_label(place: GatePlace) -> str:
    """What the track is a track of, to be read aloud."""
    return str(TRACKS[place.kind]) % {"framework": content(place.row.framework.name)}


def framework_tabs(place: GatePlace) -> list[Link]:
    """The checklists of all the initiative's frameworks, each entered at its first gate that is not passed."""
    names = {passage.framework.slug: passage.framework.name for passage, _states in place.judgement.passages}
    return tabs_of(place.initiative, place.outcome, names, place.row.framework.slug)


def tabs_of(initiative: Initiative, outcome: Outcome, names: Mapping[str, str], current: str) -> list[Link]:
    """The same where there is no gate at hand. ``names`` of the frameworks by slug; ``current`` is one of these."""
    tabs = []
    for slug, group in groupby(outcome.gates, key=lambda gate: gate.framework):
        gates = list(group)
        unpassed = (gate for gate in gates if gate.status not in ("passed", "passed_with_conditions"))
        entry = next(unpassed, gates[0])
        href = checklist_url(initiative.ref, entry.gate)
        tabs.append(Link(label=content(names[slug]), href=href, current=slug == current))
    return tabs


def neighbours(place: GatePlace, page_of: PageOf) -> tuple[Link | None, Link | None]:
    """The gates before and after this one in its framework."""
    slugs = [gate.gate for gate in place.gates]
    at = slugs.index(place.slug)

    def link(position: int) -> Link | None:
        if not 0 <= position < len(slugs):
            return None
        gate = place.gates[position]
        return Link(label=content(gate.name), href=page_of(place.initiative.ref, gate.gate))

    return link(at - 1), link(at + 1)
