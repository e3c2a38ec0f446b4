"""What went before a story: told to the installation over REST, as a team's other tools would."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from readiness import clock
from tests.journeys.rest import Rest

FIVE_GATES = ("data", "architecture", "integration", "governance", "adoption")
CHECKPOINTS = ("checkpoint-0", "checkpoint-1", "checkpoint-2")

ACCURACY = {"unit": "%", "direction": "up", "kind": "technical"}
HANDLING = {
    "unit": "minutes",
    "direction": "down",
    "kind": "business",
    "due": "end_of_pilot",
    "owner": "elsa",
    "baseline": "42",
    "go_limit": "28",
    "stop_limit": "38",
}


def days_ago(days: int) -> str:
    """The day so many days before today in the installation's zone, UTC."""
    return (_today() - timedelta(days=days)).isoformat()


def _today() -> date:
    return clock.now().date()


AGREED_EARLIER = """
from datetime import timedelta
from django.db.models import F
from gates.models import ExitCriterion
weeks = timedelta(weeks=6)
agreed = ExitCriterion.objects.filter(initiative={number})
agreed.update(created_at=F("created_at") - weeks, locked_at=F("locked_at") - weeks)
"""


class Background:
    """Acts of a lead and a reviewer that a story takes for granted; each has to be granted."""

    def __init__(self, lead: Rest, reviewer: Rest, shell: Callable[[str], str]) -> None:
        self.lead, self.reviewer, self.shell = lead, reviewer, shell

    def weeks_pass(self, ref: str) -> None:
        """What was agreed there was agreed six weeks ago: what was read since can reach it."""
        number = int(ref.removeprefix("AI-"))
        self.shell(AGREED_EARLIER.format(number=number))

    def done(self, method: str, path: str, body: Any, by: Rest | None = None) -> dict[str, Any]:
        status, document = (by or self.lead).ask(method, path, body)
        assert status in (200, 201), f"{method} {path}: {status} {document}"
        return document

    def enter(self, name: str, problem: str, unit: str, **facts: Any) -> str:
        """An initiative of the lead's; its reference."""
        given = {"name": name, "business_problem": problem, "business_unit": unit}
        return str(self.done("POST", "initiatives/", given | facts)["id"])

    def kpi(self, ref: str, name: str, **facts: Any) -> int:
        return int(self.done("POST", f"initiatives/{ref}/kpis/", {"name": name} | facts)["id"])

    def read(self, ref: str, kpi: int, value: str, days: int = 0) -> None:
        """A value that was measured so many days ago."""
        body = {"on": days_ago(days), "value": value}
        self.done("POST", f"initiatives/{ref}/kpis/{kpi}/readings/", body)

    def codes(self, ref: str, framework: str, gate: str | None = None) -> list[str]:
        items = self.lead.get(f"initiatives/{ref}/checklist/?framework={framework}")["items"]
        return [item["code"] for item in items if gate in (None, item["gate"])]

    def answer(self, ref: str, framework: str, codes: list[str], answer: str = "met") -> None:
        """The same answer to each of these, with a fresh link behind it."""
        answers = [
            {
                "code": code,
                "answer": answer,
                "evidence": [
                    {"kind": "link", "url": f"https://wiki.example.com/{code}", "effective_on": days_ago(1)}
                ],
            }
            for code in codes
        ]
        path = f"initiatives/{ref}/checklist/?framework={framework}"
        self.done("PATCH", path, {"answers": answers})

    def pass_gate(self, ref: str, gate: str) -> None:
        """Submitted by the lead, passed by the reviewer; its items have to be answered."""
        self.done("POST", f"initiatives/{ref}/gates/{gate}/submit/", {"note": "Please look."})
        decision = {"decision": "pass", "rationale": "Every point was looked at."}
        self.done("POST", f"initiatives/{ref}/gates/{gate}/decision/", decision, self.reviewer)

    def move(self, ref: str, stage: str) -> None:
        self.done("POST", f"initiatives/{ref}/stage/", {"to": stage})

    def flags(self, ref: str) -> set[str]:
        """The codes of its open flags."""
        return {flag["code"] for flag in self.lead.get(f"initiatives/{ref}/readiness/")["flags"]}
