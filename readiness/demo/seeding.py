"""Filling an empty database with the demo: people, the organisation, and eighteen months of history."""

import zoneinfo
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction

from gates.models import Initiative
from readiness.accounts.models import Organisation, User
from readiness.actions.rates import set_rate
from readiness.audit.models import Event
from readiness.audit.recording import COMMAND, record
from readiness.demo import cast
from readiness.demo.catalogue import subjects
from readiness.demo.director import Stage
from readiness.demo.outside import connect
from readiness.demo.stories import STORIES
from readiness.planner import refresh_statistics

SEED = 5
FRANCS = {547: "1.04", 300: "1.06", 120: "1.0525", 20: "1.07"}
"""What a Swiss franc is worth, by how many days ago that was entered."""
EIGHTEEN_MONTHS = timedelta(days=548)


class NotEmpty(Exception):
    """The database holds data: a demo is never mixed with somebody's work."""


def holds_data() -> bool:
    """Whether anybody ever did anything here."""
    return Initiative.objects.exists() or User.objects.exists() or Event.objects.exists()


def refuse_unless_empty() -> None:
    """Raise NotEmpty where there is data."""
    if holds_data():
        raise NotEmpty("This database holds data. The demo is only ever put into an empty one.")


@transaction.atomic
def seed(at: datetime, played: Callable[[float], None] = lambda share: None) -> int:
    """Play the whole demo, ending at ``at``: all of it or nothing. Returns the number of initiatives.

    It takes a while: ``played`` is told now and then the share, 0 to 1, that is done.
    """
    refuse_unless_empty()
    zone = zoneinfo.ZoneInfo(cast.TIME_ZONE)
    began = at - EIGHTEEN_MONTHS
    set_up_organisation(began)
    make_people(began)
    stage = Stage(at, zone, SEED)
    told = subjects()
    for subject in told:
        STORIES[subject.story](stage, subject)
    enter_rates(stage)
    connect(stage)
    stage.play(played)
    refresh_statistics()
    return len(told)


def set_up_organisation(at: datetime) -> None:
    """Name it, and turn demo mode on: from now on the demo accounts can sign in."""
    organisation = Organisation.get()
    organisation.name, organisation.time_zone = cast.ORGANISATION, cast.TIME_ZONE
    organisation.currency, organisation.demo = cast.CURRENCY, True
    organisation.save()
    record(COMMAND, "demo.seeded", {"organisation": cast.ORGANISATION}, at)


def enter_rates(stage: Stage) -> None:
    """Some initiatives count in Swiss francs, one in pounds; of pounds nobody has entered a rate."""

    def enter(rate: str, at: datetime) -> None:
        set_rate("CHF", Organisation.get().day_of(at), rate, COMMAND, at)

    for days, rate in FRANCS.items():
        stage.add(days, partial(enter, rate), "the rates of exchange")


def make_people(at: datetime) -> None:
    """The cast. Those who can sign in share the demo's password."""
    for player in cast.CAST:
        user = User(
            username=player.username,
            name=player.name,
            unit=player.unit,
            function=player.function,
            email=f"{player.username}@{cast.DOMAIN}",
            is_demo=True,
            created_at=at,
            **{f"is_{role.value}": True for role in player.roles},
        )
        if player.signs_in:
            user.set_password(cast.PASSWORD)
        else:
            user.set_unusable_password()
        user.save()
    record(COMMAND, "people.created", {"usernames": [player.username for player in cast.CAST]}, at)
