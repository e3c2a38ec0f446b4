"""A portfolio of rows written straight into the tables, at random and with everything that the symptoms look at."""

from datetime import date, datetime, time, timedelta, tzinfo
from decimal import Decimal
from random import Random

from checklists.models import Assessment, Framework
from gates.models import (
    Decision,
    Hold,
    Initiative,
    Kpi,
    Lesson,
    ParallelLimit,
    Passage,
    Reading,
    Snapshot,
    StageEntry,
    Submission,
)
from readiness.accounts.models import User
from readiness.audit.recording import COMMAND, Actor, Ledger
from readiness.standing.models import Flag

UNITS = ("Finance", "Legal", "", "Sales")
TECHNOLOGIES = ("LLM", "llm", "OCR", "Trees", "")
WAY = ("intake", "poc", "pilot", "rollout", "live")


class Raw:
    """Rows of random days around a window that ends on ``today``."""

    def __init__(self, seed: int, today: date, zone: tzinfo, lead: User, reviewer: User) -> None:
        self.random, self.today, self.zone = Random(seed), today, zone
        self.lead, self.reviewer = lead, reviewer
        self.framework = Framework.objects.get(slug="five-gate")

    def day(self, before: int = 460) -> date:
        """Often one of those around the ends of the window and its quarters."""
        if self.random.random() < 0.3:
            edge = self.random.choice((0, 90, 92, 181, 184, 273, 276, 364, 365, 366))
            return self.today - timedelta(days=max(edge + self.random.choice((-1, 0, 1)), 0))
        return self.today - timedelta(days=self.random.randint(0, before))

    def moment(self, day: date) -> datetime:
        clock = self.random.choice((time(0, 0), time(0, 30), time(12, 0), time(23, 59, 59)))
        return datetime.combine(day, clock, self.zone)

    def initiatives(self, count: int) -> None:
        for number in range(count):
            self._initiative(number)
        for stage in ("pilot", "poc"):
            ParallelLimit.objects.create(stage=stage, most=self.random.randint(1, 4))
        own = {"unit": "Legal", "unit_key": "legal"}
        ParallelLimit.objects.create(stage="rollout", most=1, **own)

    def _initiative(self, number: int) -> None:
        some, created = self.random, self.moment(self.day(700))
        unit = some.choice(UNITS)
        row = Initiative.objects.create(
            name=f"Initiative {number:03d}", name_key=f"initiative {number:03d}", search_key="x",
            business_problem="Late.", business_unit=unit, business_unit_key=unit.lower(),
            technology=some.choice(TECHNOLOGIES), vendor=some.choice(("", "Acme", "ACME ")),
            budget_spent=some.choice((None, Decimal(0), Decimal(some.randint(1, 90) * 1000))),
            currency=some.choice(("EUR", "EUR", "USD", "")),
            visibility=some.choice(("organisation", "organisation", "team")),
            created_by=self.lead, created_at=created, updated_at=created,
        )  # fmt: skip
        self._way(row)
        if some.random() < 0.3:
            self._hold(row)
        for _ in range(some.randint(0, 3)):
            self._kpi(row)
        if some.random() < 0.4:
            self._decisions(row)
        self._acts(row)
        if some.random() < 0.3:
            resolved = some.choice((None, None, self.moment(self.today)))
            self._flag(row, some.choice(("no_activity", "score_flat")), resolved)

    def _way(self, row: Initiative) -> None:
        some = self.random
        days = sorted(self.day(800) for _ in range(some.randint(1, 5)))
        stages = [*WAY[: len(days)]]
        if some.random() < 0.25 and len(stages) > 1:
            # A file may call retired what was given up on its way.
            stages[-1] = some.choice(("stopped", "retired"))
        for place, (stage, day) in enumerate(zip(stages, days, strict=True)):
            left = days[place + 1] if place + 1 < len(days) else None
            StageEntry.objects.create(
                initiative=row, stage=stage, entered_on=None if some.random() < 0.08 else day, left_on=left,
                recorded_at=self.moment(day),
            )  # fmt: skip
        row.stage, row.stage_since = stages[-1], None if some.random() < 0.05 else days[-1]
        row.save()
        if row.stage == "stopped" and some.random() < 0.8:
            outcome = some.choice(("agreed_criteria", "decided", "faded_out", "faded_out"))
            Lesson.objects.create(
                initiative=row, tried="A", did_not_work="B", outcome=outcome, at=self.moment(days[-1])
            )

    def _hold(self, row: Initiative) -> None:
        since = self.day()
        until = self.random.choice((None, since + timedelta(days=self.random.randint(0, 150))))
        Hold.objects.create(initiative=row, since=since, reason="Wait.", review_on=since, lifted_on=until)

    def _kpi(self, row: Initiative) -> None:
        some = self.random
        kpi = Kpi.objects.create(
            initiative=row, name=f"KPI {some.random()}", kind=some.choice(("business", "business", "technical")),
            signal=some.choice(("", "weekly_active_share", "value")), direction=some.choice(("up", "down")),
            unit=some.choice(("EUR", "hours", "")), go_limit=some.choice((None, Decimal(some.randint(1, 9)))),
            target=some.choice((None, Decimal(some.randint(1, 9)))), created_at=row.created_at,
            removed_at=row.created_at if some.random() < 0.1 else None,
        )  # fmt: skip
        for day in sorted({self.day() for _ in range(some.randint(0, 6))}):  # the same in every process
            Reading.objects.create(
                kpi=kpi, on=day, value=Decimal(some.randint(0, 12)), source="typed", received_at=row.created_at,
            )  # fmt: skip
        for reading in kpi.readings.all()[:1]:
            if some.random() < 0.2:
                reading.withdrawn_at, reading.withdrawn_reason = self.moment(self.today), "A typing error."
                reading.save()

    def _decisions(self, row: Initiative) -> None:
        some = self.random
        assessment = Assessment.objects.create(framework=self.framework, created_at=row.created_at)
        passage = Passage.objects.create(
            initiative=row, assessment=assessment, framework_slug="five-gate", position=0
        )
        for gate in self.framework.gates.filter(slug__in=("data", "architecture", "integration")):
            for _ in range(some.randint(0, 2)):
                at = self.moment(self.day())
                asked, given = (
                    Snapshot.objects.create(
                        passage=passage, gate=gate, taken_at=at, occasion=occasion, content={}
                    )
                    for occasion in ("submission", "decision")
                )
                submission = Submission.objects.create(
                    passage=passage, gate=gate, by=self.lead, at=at, snapshot=asked, criteria_held=True, decided_at=at
                )  # fmt: skip
                Decision.objects.create(
                    submission=submission, passage=passage, gate=gate, rationale="Looked.", by=self.reviewer, at=at,
                    submitted_by=self.lead, snapshot=given,
                    decision=some.choice(("pass", "pass_with_conditions", "return")),
                )  # fmt: skip

    def _acts(self, row: Initiative) -> None:
        actors = (Actor.person(self.lead), Actor.person(self.lead, "a token"), COMMAND)
        for _ in range(self.random.randint(0, 6)):
            ledger = Ledger(self.moment(self.day()))
            verb = self.random.choice(("answer.recorded", "stage.moved", "initiative.imported"))
            ledger.append(self.random.choice(actors), verb, {}, row.pk)
            ledger.close()

    def _flag(self, row: Initiative, code: str, resolved: datetime | None) -> None:
        since = self.today - timedelta(days=self.random.choice((10, 89, 90, 91, 200)))
        Flag.objects.create(
            initiative=row, code=code, severity="warning", root_cause="momentum", opened_on=since,
            opened_at=self.moment(since), stalls=True, message="Silent.", resolved_at=resolved,
            resolved_on=self.today if resolved else None,
        )  # fmt: skip
