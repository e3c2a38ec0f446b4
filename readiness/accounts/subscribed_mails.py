"""Mails that go on coming until their reader ends them: as text and as HTML, with the way out in their headers."""

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string

from readiness.accounts.models import User


def subscribed_mail(
    reader: User, template: str, words: Mapping[str, Any], *, subject: str, stop: str, name: str
) -> EmailMultiAlternatives:
    """The mail, in the language that is spoken now; nothing is sent yet.

    ``<template>.txt`` and ``<template>.html`` are given ``words``, ``reader``, ``subject`` and ``stop``: the whole
    address that ends these mails, to whoever opens or posts to it. ``name`` makes the Message-ID, so that a mail which
    goes out twice is recognised as one.
    """
    told = {**words, "reader": reader, "subject": subject, "stop": stop}
    headers = {
        **own_headers(name),
        # RFC 8058: mail programs show their own button, which posts to this address without asking again.
        "List-Unsubscribe": f"<{stop}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    body = render_to_string(f"{template}.txt", told)
    message = EmailMultiAlternatives(subject, body, to=[reader.email], headers=headers)
    message.attach_alternative(render_to_string(f"{template}.html", told), "text/html")
    return message


def own_headers(name: str) -> dict[str, str]:
    """The headers of every mail that nobody wrote by hand. ``name`` makes the Message-ID."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return {"Message-ID": f"<{name}@{domain}>", "Auto-Submitted": "auto-generated"}


def one_line(text: str, most: int = 200) -> str:
    """A header is one line, whatever somebody has put into a name; ``most`` characters of it."""
    return " ".join(text.split())[:most]
