"""What the tests of the reviewer's pages share: acts in short, and the page of a decision read."""

from datetime import timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client

from gates.models import Initiative, Submission
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.pieces import Piece
from readiness.audit.recording import Actor
from tests.fixtures import pages, today
from tests.integration.workbench.markup import Node, complaints, read

LESSON = {
    "lesson-outcome": "decided",
    "lesson-tried": "Sorting by layout.",
    "lesson-did_not_work": "Layouts change.",
}


def say(
    initiative: Initiative, by: User, code: str, answer: str | None = None, *pieces: Piece, **more: Any
) -> None:
    change = AnswerChange(code, answer, evidence=pieces, **more)
    record_answers(initiative.pk, [change], Actor.person(by), clock.now())


def path(initiative: Initiative, gate: str = "data") -> str:
    return f"/initiatives/{initiative.ref}/gates/{gate}/decide/"


def review(person: User, initiative: Initiative, gate: str = "data") -> Node:
    response = pages(person).get(path(initiative, gate))
    assert response.status_code == 200
    page = read(response)
    assert complaints(page) == []
    return page


def decide(client: Client, initiative: Initiative, gate: str = "data", **sent: Any) -> HttpResponse:
    waiting = Submission.objects.filter(gate__slug=gate, decided_at__isnull=True).first()
    given = {
        "submission": str(waiting.pk if waiting else 0),
        "decision": "pass",
        "rationale": "Looked at every item.",
        "rows": "3",
    }
    return client.post(path(initiative, gate), given | sent)


def a_condition(number: int, owner: str, **more: str) -> dict[str, str]:
    given = {"text": f"Promise {number}.", "owner": owner, "due": str(today() + timedelta(days=30))}
    return {f"condition-{number}-{name}": value for name, value in (given | more).items()}


def cards(page: Node) -> dict[str, tuple[str, bool]]:
    """Of each decision its words and whether it can be chosen."""
    found = {}
    for label in page.by_id("id_decision_group").all("label"):
        button = label.one("input", name="decision")
        words = " ".join(part.text for part in label.all("span"))
        found[button.attrs["value"]] = (words, "disabled" not in button.attrs)
    return found


def item(page: Node, code: str) -> Node:
    return page.by_id(f"review-{code}")


def marked(card: Node, tone: str) -> str:
    """What is marked as changed on an item: ``info`` since the last decision, ``warning`` since the submission."""
    return card.one(class_="change", data_tone=tone).text


def tile(page: Node, label: str) -> str:
    """The value at the top of the page, with its note."""
    found = next(node for node in page.all(class_="stat") if node.text.startswith(label))
    return found.text.removeprefix(label).strip()


def criteria_of(page: Node) -> dict[str, tuple[str, str]]:
    """Of each clause how it stood as submitted and how it stands now."""

    def said(cell: Node) -> str:
        return cell.text or cell.one("svg").attrs["aria-label"]

    rows = page.by_id("criteria").one("tbody").all("tr")
    return {row.one("th").text: (said(row.all("td")[0]), said(row.all("td")[1])) for row in rows}
