"""What they knock at: an initiative in the middle of its way, with something of everything, and three more like it.

- ``open``: everyone in the organisation may see it; lena's team.
- ``own``: only lena's team.
- ``others``: only the team of tess, who is nobody in the matrix.
- ``ended``: as ``open``, and stopped.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from checklists.models import Evidence
from gates.models import (
    Amendment,
    Assignment,
    Condition,
    ExitCriterion,
    ExitTrigger,
    Handover,
    Initiative,
    Kpi,
    Reading,
    Snapshot,
    Submission,
    TeamRole,
)
from readiness import clock
from readiness.accounts.models import Token, User
from readiness.actions.assignments import assign
from readiness.actions.conditions import keep_condition
from readiness.actions.exits import add_criterion
from readiness.actions.files import add_file_evidence
from readiness.actions.gates import Promise, decide_gate, submit_gate
from readiness.actions.handovers import start_handover
from readiness.actions.kpis import create_kpi, edit_kpi
from readiness.actions.readings import NewReading, add_reading
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from readiness.standing.models import Flag
from readiness.standing.recompute import fresh_outcome
from tests.access.cast import ON_THE_TEAM, Cast, close_the_door, gather
from tests.files import pdf, png
from tests.fixtures import answer_all, create, today

# A condition for each who could have promised it: somebody on the team, a lead off it, an auditor off it.
OWNERS = {"team": "lena", "lead": "omar", "auditor": "iris", "kept": "lena"}
LESSON = {
    "tried": "Reading invoices with a model.",
    "did_not_work": "The scans.",
    "outcome": "decided",
}


@dataclass
class Place:
    """One initiative and what hangs on it, by primary keys."""

    initiative: Initiative

    @property
    def ref(self) -> str:
        return self.initiative.ref

    @cached_property
    def conditions(self) -> dict[str, int]:
        rows = Condition.objects.filter(decision__passage__initiative=self.initiative)
        return dict(rows.values_list("text", "pk"))

    @cached_property
    def link(self) -> int:
        return self._evidence("link")

    @cached_property
    def file(self) -> int:
        return self._evidence("file")

    @cached_property
    def picture(self) -> int:
        return self._evidence("file", "ARCH-2")

    @cached_property
    def flag(self) -> int:
        """One that stays open as long as the initiative runs."""
        return Flag.objects.get(initiative=self.initiative, code="no_business_owner").pk

    @cached_property
    def snapshot(self) -> int:
        snapshots = Snapshot.objects.filter(passage__initiative=self.initiative)
        return snapshots.order_by("pk").values_list("pk", flat=True)[0]

    @cached_property
    def submission(self) -> int:
        waiting = Submission.objects.filter(passage__initiative=self.initiative, decided_at__isnull=True)
        return waiting.values_list("pk", flat=True).get()

    @property
    def lead(self) -> str:
        """The username of its technical lead."""
        places = TeamRole.objects.filter(
            initiative=self.initiative.pk, role="technical_lead", until__isnull=True
        )
        return places.values_list("user__username", flat=True).first() or "nobody"

    @cached_property
    def handover(self) -> int:
        return Handover.objects.filter(initiative=self.initiative).values_list("pk", flat=True).get()

    @cached_property
    def kpis(self) -> dict[str, int]:
        """``locked`` was amended, ``spare`` can be changed and removed, and was read."""
        return dict(Kpi.objects.filter(initiative=self.initiative).values_list("name", "pk"))

    @cached_property
    def reading(self) -> int:
        rows = Reading.objects.filter(kpi__initiative=self.initiative, kpi__name="spare")
        return rows.values_list("pk", flat=True).get()

    @cached_property
    def trigger(self) -> int:
        """Of the exit criterion that was reached."""
        rows = ExitTrigger.objects.filter(criterion=self.exits["reached"])
        return rows.values_list("pk", flat=True).get()

    @cached_property
    def exits(self) -> dict[str, int]:
        """``reached`` waits for a decision, of its lead or an executive; ``agreed`` can be changed and removed."""
        rows = ExitCriterion.objects.filter(initiative=self.initiative)
        return {"agreed" if window else "reached": pk for pk, window in rows.values_list("pk", "window_days")}

    @cached_property
    def assignment(self) -> int:
        """Of ARCH-1, to its lead."""
        return (
            Assignment.objects.filter(passage__initiative=self.initiative).values_list("pk", flat=True).get()
        )

    @cached_property
    def amendment(self) -> int:
        return Amendment.objects.filter(initiative=self.initiative).values_list("pk", flat=True).get()

    def _evidence(self, kind: str, code: str = "ARCH-1") -> int:
        pieces = Evidence.objects.filter(assessment__passage__initiative=self.initiative, kind=kind)
        return pieces.filter(item__code=code).values_list("pk", flat=True)[0]


@dataclass
class World:
    cast: Cast
    places: dict[str, Place]

    @cached_property
    def _tokens(self) -> dict[str, int]:
        return dict(Token.objects.order_by("-pk").values_list("user__username", "pk"))

    def token_of(self, who: str) -> int:
        """A token of this person's (or of lena's, for who has none)."""
        return self._tokens.get(who, self._tokens["lena"])


def build() -> World:
    """Everybody and everything, as of now."""
    cast = gather()
    people = cast.people
    team = [*ON_THE_TEAM, "gone"]
    places = {
        "open": furnish(people, "lena", team),
        "own": furnish(people, "lena", team, visibility="team"),
        "others": furnish(people, "tess", ["tess", "gone"], visibility="team"),
        "ended": furnish(people, "lena", team),
    }
    for place in places.values():  # looked up while everything stands
        assert (
            place.conditions
            and place.link
            and place.file
            and place.flag
            and place.snapshot
            and place.submission
            and place.handover
            and place.kpis
            and place.reading
            and place.amendment
            and place.trigger
            and place.assignment
        )
    lead = Actor.person(people["lena"])
    move_stage(places["ended"].initiative.pk, "stopped", lead, clock.now(), "", LESSON)
    close_the_door(cast)
    for place in places.values():  # somebody left: computed now, so that no request has to
        place.initiative.refresh_from_db()
        fresh_outcome(place.initiative.pk, clock.now())
    return World(cast, places)


def furnish(people: dict[str, User], lead: str, team: list[str], visibility: str = "organisation") -> Place:
    """In its PoC: Data passed under conditions, Architecture ready to be submitted, checkpoint 0 waiting for review."""
    at, by, reviewer = clock.now(), Actor.person(people[lead]), Actor.person(people["ravi"])
    initiative = create(
        people[lead], at, name=f"Invoice triage of {lead}", visibility=visibility, stage="poc",
        people={"members": team},
    )  # fmt: skip
    answer_all(initiative, people[lead], at=at)
    answer_all(initiative, people[lead], framework="poc-checkpoints", gates=["checkpoint-0"], at=at)
    paper = SimpleUploadedFile("test report.pdf", pdf())
    add_file_evidence(initiative.pk, "ARCH-1", paper, "Test report", today(at), None, by, at)
    drawing = SimpleUploadedFile("drawing.png", png())
    add_file_evidence(initiative.pk, "ARCH-2", drawing, "Drawing", today(at), None, by, at)
    submit_gate(initiative.pk, "data", "Please look.", by, at)
    promises = [Promise(kind, lead, today(at) + timedelta(days=30)) for kind in OWNERS]
    decide_gate(initiative.pk, "data", "pass_with_conditions", "Good enough.", reviewer, at, promises)
    # Nobody gives a condition to whom may not see the initiative or only reads: who owns one may have become so since.
    of_it = Condition.objects.filter(decision__passage__initiative=initiative)
    for kind, owner in OWNERS.items():
        of_it.filter(text=kind).update(owner=people[owner])
    submit_gate(initiative.pk, "checkpoint-0", "Please look.", by, at)
    place = Place(initiative)
    keep_condition(initiative.pk, place.conditions["kept"], "See the wiki.", by, at)
    start_handover(initiative.pk, "gone", by, at)
    assign(initiative.pk, "ARCH-1", lead, today(at) + timedelta(days=9), by, at)
    promise(initiative, by, at)
    exits(initiative, lead, by, at)
    return place


def promise(initiative: Initiative, by: Actor, at: datetime) -> None:
    """A KPI that is locked and amended, and one that is neither and was read."""
    locked, _ = create_kpi(initiative.pk, {"name": "locked", "target": 9}, by, at)
    Kpi.objects.filter(pk=locked.pk).update(
        locked_at=at, promised={"direction": "up", "unit": "", "target": "9"}
    )
    edit_kpi(initiative.pk, locked.pk, {"target": 8}, by, at, "The market moved.")
    spare, _ = create_kpi(initiative.pk, {"name": "spare"}, by, at)
    add_reading(initiative.pk, spare.pk, NewReading(today(at) - timedelta(days=7), 3), by, at)


def exits(initiative: Initiative, lead: str, by: Actor, at: datetime) -> None:
    """An exit criterion that was reached at the checkpoint that waits, and one that was not."""
    kpi, _ = create_kpi(initiative.pk, {"name": "watched", "kind": "technical"}, by, at)
    given = {"kpi": kpi.pk, "comparator": "under", "limit": "5", "action": "rework", "decider": lead}
    add_criterion(initiative.pk, given | {"checkpoint": "checkpoint-0"}, by, at)
    add_criterion(initiative.pk, given | {"window_days": 28}, by, at)
    agreed_before(initiative, at - timedelta(days=20))
    add_reading(initiative.pk, kpi.pk, NewReading(today(at) - timedelta(days=7), 3), by, at)


def agreed_before(initiative: Initiative, at: datetime) -> None:
    """Its exit criteria were agreed then: what was read since can reach them."""
    ExitCriterion.objects.filter(initiative=initiative).update(created_at=at)


@contextmanager
def undone() -> Iterator[None]:
    """What happens within leaves no trace in the database."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
