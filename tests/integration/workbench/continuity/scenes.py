"""What the tests of people, comments and lessons share."""

from typing import Any

from django.http import HttpResponse

from gates.models import Handover, Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.handovers import start_handover
from readiness.actions.stages import move_stage
from readiness.audit.recording import Actor
from tests.fixtures import create, pages
from tests.integration.workbench.markup import Node, complaints, read

LESSON = {
    "tried": "Reading invoices with a model.",
    "did_not_work": "Handwriting.",
    "root_cause": "data_quality",
    "advice": "Ask the scanning centre.",
    "outcome": "decided",
}


def url(initiative: Initiative, below: str) -> str:
    return f"/initiatives/{initiative.ref}/{below}"


def page_at(by: User, address: str, status: int = 200) -> Node:
    return shown(pages(by).get(address), status)


def shown(response: HttpResponse, status: int = 200) -> Node:
    """The page, which can be read aloud."""
    assert response.status_code == status
    page = read(response)
    assert complaints(page) == []
    return page


def start(initiative: Initiative, leaver: User, by: User) -> Handover:
    return start_handover(initiative.pk, leaver.username, Actor.person(by), clock.now())[0]


def stopped(by: User, name: str = "Invoice triage", facts: Any = None, **lesson: str) -> Initiative:
    row = create(by, name=name, **(facts or {}))
    move_stage(row.pk, "stopped", Actor.person(by), clock.now(), lesson=LESSON | lesson)
    return row


def live(by: User, admin: User, name: str = "Ticket routing", **facts: Any) -> Initiative:
    """Taken over in live, led by the first."""
    people = {"technical_lead": by.username, "members": [by.username]}
    return create(admin, name=name, stage="live", people=people, **facts)
