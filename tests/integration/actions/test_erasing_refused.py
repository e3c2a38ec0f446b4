"""Who is not erased: whoever is active, and whoever still leads something."""

import pytest
from django.test import Client

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.erasing import erase_person
from readiness.actions.errors import Conflict
from readiness.actions.handing_over import hand_over_everything
from readiness.actions.people import deactivate_person
from readiness.audit.recording import COMMAND


def test_who_is_active_is_not_erased_and_so_neither_is_the_last_admin(ada: User, lena: User) -> None:
    for name in ("ada", "lena"):
        with pytest.raises(Conflict) as refused:
            erase_person(name, COMMAND, clock.now())
        assert refused.value.code == "still_active"
    with pytest.raises(Conflict) as last:
        deactivate_person("ada", COMMAND, clock.now())
    assert last.value.code == "last_admin"


def test_whoever_leads_something_is_followed_first(initiative: Initiative, lena: User, omar: User) -> None:
    deactivate_person("lena", COMMAND, clock.now())
    with pytest.raises(Conflict, match=initiative.ref) as refused:
        erase_person("lena", COMMAND, clock.now())
    assert refused.value.code == "holds_places"
    hand_over_everything("lena", "omar", COMMAND, clock.now())
    assert erase_person("lena", COMMAND, clock.now()).name == f"Former person {lena.pk}"


def test_the_page_says_who_has_to_follow_first(
    initiative: Initiative, lena: User, ada: User, client: Client
) -> None:
    deactivate_person("lena", COMMAND, clock.now())
    client.force_login(ada)
    asked = client.get("/people/lena/erase/").content.decode()
    assert initiative.name in asked and "Technical lead" in asked
    assert "cannot be erased yet" in asked
    assert "Erase for good" not in asked
    told = client.post("/people/lena/erase/", follow=True).content.decode()
    assert f"Hand it over first: {initiative.ref}." in told
