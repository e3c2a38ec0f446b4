"""What a person does at the front door, in a few words."""

import re
from datetime import UTC, datetime

from django.core import mail
from django.http import HttpResponse
from django.test import Client

from readiness.accounts.models import User
from tests.fixtures import PASSWORD

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def sign_in(client: Client, username: str, password: str = PASSWORD, **more: str) -> HttpResponse:
    return client.post("/login/", {"username": username, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return client.get("/account/").status_code == 200


def link_in_mail() -> str:
    """The address, without its host, in the latest mail."""
    found = re.search(r"https?://[^/\s]+(/password/set/\S+)", mail.outbox[-1].body)
    assert found is not None
    return found[1]


def make_demo_account(user: User) -> User:
    user.is_demo = True
    user.set_password("demo")
    user.save()
    return user
