"""Random rows as ``Raw`` writes them, with a standing, a history of points, lapses and flags for each."""

from datetime import timedelta
from decimal import Decimal

from gates.models import Decision, Initiative, Lapse, Spending
from readiness.standing.models import Flag, HistoryPoint, Standing
from tests.integration.portfolio.raw import Raw

VERDICTS = ("ready", "conditional", "not_ready", "not_ready")


class Past(Raw):
    """``count`` initiatives with everything that a look back asks for."""

    def lives(self, count: int) -> None:
        self.initiatives(count)
        for row in Initiative.objects.order_by("pk"):
            self._points(row)
            self._standing(row)
            self._flags(row)
            self._spending(row)
        for decision in Decision.objects.filter(decision__startswith="pass"):
            if self.random.random() < 0.3:
                at = decision.at + timedelta(days=self.random.choice((0, 1, 30, 90)))
                if at.astimezone(self.zone).date() <= self.today:
                    Lapse.objects.create(decision=decision, reason="The vendor changed.", at=at)

    def _points(self, row: Initiative) -> None:
        some = self.random
        for day in sorted({self.day(700) for _ in range(some.randint(0, 8))}):  # the same in every process
            HistoryPoint.objects.create(
                initiative=row, on=day, stage=row.stage, score=Decimal(some.randint(0, 200)) / 2,
                met=some.randint(0, 20),
                partial=0, not_met=0, unanswered=0, verdict=some.choice(VERDICTS), stalled=some.random() < 0.4,
                flags_open=some.randint(0, 3),
            )  # fmt: skip

    def _standing(self, row: Initiative) -> None:
        some = self.random
        last = HistoryPoint.objects.filter(initiative=row).order_by("-on").first()
        declared = Decimal(some.randint(0, 40)) / 2
        gap = Decimal(some.choice((0, 0, 1, 3, 8))) / 2
        ended = row.stage in ("stopped", "retired")
        none = (
            "ended" if ended else some.choice(("", "", "reached", "on_hold", "too_short", "not_at_this_pace"))
        )
        day = self.today + timedelta(
            days=some.choice((-120, -1, 0, 1, some.randint(0, 720), some.randint(0, 720), 790))
        )
        Standing.objects.create(
            initiative=row, stage=row.stage, framework="five-gate", framework_version="1.0",
            score=last.score if last else Decimal(0), points=max(declared - gap, Decimal(0)), declared_points=declared,
            optimism_gap=gap, total=20,
            met=0, partial=0, not_met=0, unanswered=20, required_met=16, threshold_met=False,
            verdict=last.verdict if last else "not_ready", stalled=bool(last and last.stalled and not ended),
            forecast_on=None if none else day, forecast_none=none,
            forecast_from=None if none else day - timedelta(days=some.randint(0, 60)),
            forecast_to=None if none or some.random() < 0.2 else day + timedelta(days=some.randint(0, 200)),
            as_of=self.today, computed_at=self.moment(self.today),
        )  # fmt: skip

    def _flags(self, row: Initiative) -> None:
        for code in ("no_sponsor", "gate_lapsed", "budget_shape"):
            if self.random.random() < 0.4:
                opened = self.day(300)
                ends = opened + timedelta(days=self.random.choice((0, 1, 30, 200)))
                resolved = self.moment(ends) if ends <= self.today else None
                Flag.objects.create(
                    initiative=row, code=code, severity=self.random.choice(("info", "warning", "critical")),
                    root_cause="governance", opened_on=opened, opened_at=self.moment(opened), stalls=False,
                    message="So.",
                    resolved_at=resolved, resolved_on=ends if resolved else None,
                )  # fmt: skip

    def _spending(self, row: Initiative) -> None:
        booked = Decimal(0)
        for number in range(self.random.choice((0, 0, 3, 8))):
            month = (self.today.replace(day=1) - timedelta(days=31 * number)).replace(day=1)
            amount = Decimal(self.random.randint(1, 900))
            booked += amount
            Spending.objects.create(initiative=row, month=month, kind="data", amount=amount)
        if booked:
            row.budget_spent = booked
            row.save()
