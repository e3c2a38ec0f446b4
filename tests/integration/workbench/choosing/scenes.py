"""What the tests of choosing people share: people by name, and forms as a browser sends them."""

from typing import Any

from django.http import HttpResponse

from gates.models import Initiative
from readiness.accounts.models import User
from tests.fixtures import pages, person
from tests.integration.workbench.markup import Node, complaints, read


def called(username: str, name: str, **roles: bool) -> User:
    """A person with another name than their username."""
    made = person(username, **roles)
    made.name = name
    made.save()
    return made


def edited(by: User, initiative: Initiative, **people: Any) -> HttpResponse:
    """The form of the facts, sent with these people and everything else as it stands."""
    path = f"/initiatives/{initiative.ref}/edit/"
    page = read(pages(by).get(path))
    form = page.one("form", class_="stack")
    sent: dict[str, Any] = {}
    for node in form.walk():
        name, kind = node.attrs.get("name"), node.attrs.get("type")
        if name and node.tag == "textarea":
            sent[name] = node.text
        elif name and node.tag == "select":
            chosen = node.all("option", selected="")
            sent[name] = chosen[0].attrs["value"] if chosen else ""
        elif name and node.tag == "input" and (kind != "checkbox" or "checked" in node.attrs):
            value = node.attrs.get("value", "")
            sent[name] = [*sent.get(name, []), value] if kind == "checkbox" else value
    return pages(by).post(path, {name: value for name, value in (sent | people).items() if value is not None})


def refused(response: HttpResponse) -> Node:
    assert response.status_code == 422, response.headers.get("Location")
    page = read(response)
    assert complaints(page) == []
    return page


def said_at(page: Node, name: str) -> str:
    """The errors below a field."""
    return page.by_id(f"id_{name}_error").text


def picks(page: Node, name: str) -> dict[str, bool]:
    """What is offered to be picked below a field, and whether it is ticked."""
    return {one.attrs["value"]: "checked" in one.attrs for one in page.all("input", name=f"{name}-pick")}
