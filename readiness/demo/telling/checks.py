"""What pipelines report of items, at fixed hours: asked once more, chance would tell all other stories anew."""

from datetime import datetime, time, timedelta
from typing import Self

from readiness.actions.checks import Report, bind_check, report_check
from readiness.audit.recording import Actor
from readiness.demo.telling.teller import Teller

AT_NIGHT, IN_THE_MORNING = time(4, 40), time(8, 15)
TOKEN = "Delivery pipeline"  # noqa: S105 (what a token is called)
RUNS = "https://ci.alderfinch.example/runs/"
GOOD_FOR = timedelta(days=60)
"""Longer than in life: where a demo is left standing, no pipeline goes on reporting."""


class CheckActs(Teller):
    def measured_by(self, ago: int, code: str, check: str) -> Self:
        """A check measures the item from that morning on."""

        def bind(at: datetime) -> None:
            bind_check(self.pk, code, check, "", self.leading(), at)

        self.stage.add_at(ago, IN_THE_MORNING, bind, self.name)
        return self

    def checked(self, ago: int, code: str, check: str, result: str, summary: str) -> Self:
        """What the check found in that night: ``pass``, ``warn`` or ``fail``."""

        run = f"{RUNS}{check}/{self.stage.day(ago)}"

        def report(at: datetime) -> None:
            sent = Report(code, check, result, seen_at, summary, run, seen_at + GOOD_FOR)
            report_check(self.pk, sent, Actor.person(self.leading().user, TOKEN), at)

        seen_at = self.stage.add_at(ago, AT_NIGHT, report, self.name)
        return self
