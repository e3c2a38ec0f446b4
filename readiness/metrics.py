"""How the installation is, in figures for a monitoring system: what waits, since when, and whether anybody works.

Everything is read when it is asked for, from the database and from the signs of life, which all processes share: it
does not matter which of them answers. The queries are as many however much there is.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.db.models import Count, Min, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4, generate_latest
from prometheus_client.openmetrics import exposition as openmetrics
from prometheus_client.registry import CollectorRegistry

from gates.models import Initiative
from gates.stages import Stage
from readiness import signs
from readiness.accounts.models import Organisation, User
from readiness.accounts.visits import no_visit
from readiness.audit.models import Chain, Event
from readiness.clock import now
from readiness.notices.models import AccountMail, Notice, ReadUpTo
from readiness.standing.sweeping import due_by
from readiness.version import VERSION
from readiness.webhooks.models import Endpoint
from readiness.work.models import LongWork

OPENMETRICS = "application/openmetrics-text"


@no_visit
@require_safe
@login_not_required
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """All of it, for whoever shows the token of the settings; 401 without it, 404 where none is set."""
    if not settings.FIVEGATES_METRICS_TOKEN:
        raise Http404
    scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
    is_right = constant_time_compare(shown.strip(), settings.FIVEGATES_METRICS_TOKEN)
    if scheme.lower() != "bearer" or not is_right:
        return HttpResponse(
            "Send Authorization: Bearer, with FIVEGATES_METRICS_TOKEN.\n",
            status=401,
            headers={"WWW-Authenticate": "Bearer"},
            content_type="text/plain; charset=utf-8",
        )
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Installation(now()))
    if OPENMETRICS in request.headers.get("Accept", ""):
        return HttpResponse(
            openmetrics.generate_latest(registry), content_type=openmetrics.CONTENT_TYPE_LATEST
        )
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


class Installation:
    """What the library asks for its figures; ``at`` is the moment they are of."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.organisation = Organisation.get()

    def describe(self) -> Iterable[Metric]:
        return []  # else everything would be asked for twice

    def collect(self) -> Iterator[Metric]:
        yield from _versions()
        yield from self._heartbeats()
        yield from self._recomputing()
        yield from self._mails()
        yield from self._webhooks()
        yield from self._work()
        yield from self._portfolio()

    def _age(self, since: datetime | None) -> float:
        """In seconds; 0 where nothing waits. The clocks of two machines may differ: nothing is younger than 0."""
        return max(0.0, (self.at - since).total_seconds()) if since else 0.0

    def _heartbeats(self) -> Iterator[Metric]:
        seen = {part: signs.last_seen(part) for part in signs.PARTS}
        yield _gauge(
            "heartbeat_age_seconds",
            "Since the worker and beat last got something done; missing where one never did.",
            ("part",),
            [((part,), self._age(last)) for part, last in seen.items() if last],
        )

    def _recomputing(self) -> Iterator[Metric]:
        found = due_by(self.organisation.day_of(self.at)).aggregate(count=Count("pk"), day=Min("due_on"))
        since = datetime.combine(found["day"], time.min, self.organisation.zone) if found["day"] else None
        yield _one(
            "recompute_waiting", "Initiatives to be computed anew, as their day has come.", found["count"]
        )
        yield _one("recompute_oldest_seconds", "Since the day of the oldest of them began.", self._age(since))

    def _mails(self) -> Iterator[Metric]:
        """News, and what people are told at once about their own accounts."""
        due = Q(due_at__lte=self.at)
        found = [
            rows.aggregate(
                due=Count("pk", filter=due),
                since=Min("due_at", filter=due),
                retrying=Count("pk", filter=Q(attempts__gt=0)),
            )
            for rows in (Notice.objects.to_be_mailed(), AccountMail.objects.to_be_sent())
        ]
        since = min((one["since"] for one in found if one["since"]), default=None)
        yield _one(
            "mails_due",
            "News, and words about accounts, that were to be mailed by now and are not.",
            sum(one["due"] for one in found),
        )
        yield _one("mails_oldest_due_seconds", "Since the oldest of them was due.", self._age(since))
        yield _one(
            "mails_retrying",
            "Those whose mail was tried, and is not known to be taken.",
            sum(one["retrying"] for one in found),
        )

    def _webhooks(self) -> Iterator[Metric]:
        """Those of each webhook, and how far the audit trail, which is the outbox, was read for all and for notices."""
        hooks = list(Endpoint.objects.with_counts())
        noticed = ReadUpTo.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
        # The head last: nobody has read beyond it.
        head = Chain.objects.filter(pk=1).values_list("seq", flat=True).first() or 0
        sent = min([one.read_up_to for one in hooks if one.is_on], default=head)
        read = {"notices": noticed, "webhooks": sent}
        first_unread = Event.objects.filter(seq__in={seq + 1 for seq in read.values()})
        since = dict(first_unread.values_list("seq", "at"))
        yield _gauge(
            "outbox_unread_events",
            "Events of the audit trail that were not yet read for notices, or for webhooks.",
            ("reader",),
            [((reader,), head - seq) for reader, seq in read.items()],
        )
        yield _gauge(
            "outbox_oldest_unread_seconds",
            "Since the oldest of them happened.",
            ("reader",),
            [((reader,), self._age(since.get(seq + 1))) for reader, seq in read.items()],
        )
        for name, told, value in (
            ("waiting", "Messages to be sent to a webhook.", lambda one: one.waiting),
            (
                "oldest_waiting_seconds",
                "Since the oldest of them was made.",
                lambda one: self._age(one.oldest),
            ),
            (
                "parked",
                "Messages that a webhook did not take, and that are not tried again.",
                lambda one: one.parked,
            ),
        ):
            rows = [((str(one.pk),), value(one)) for one in hooks]
            yield _gauge(f"webhook_{name}", told, ("webhook",), rows)

    def _work(self) -> Iterator[Metric]:
        """Imports, reports and whatever else takes long, by kind; a kind of which none is under way is left out."""
        active = LongWork.objects.active().order_by().values_list("kind")
        found = list(active.annotate(count=Count("pk"), since=Min("asked_at")))
        yield _gauge(
            "work_active",
            "Long work that waits for a worker or is under way.",
            ("kind",),
            [((kind,), count) for kind, count, _ in found],
        )
        yield _gauge(
            "work_oldest_seconds",
            "Since the oldest of it was asked for.",
            ("kind",),
            [((kind,), self._age(since)) for kind, _, since in found],
        )

    def _portfolio(self) -> Iterator[Metric]:
        yield _one(
            "people", "People who can sign in.", User.objects.able_to_sign_in(self.organisation).count()
        )
        counts = dict(Initiative.objects.order_by().values_list("stage").annotate(count=Count("pk")))
        yield _gauge(
            "initiatives",
            "Initiatives by stage.",
            ("stage",),
            [((stage.value,), counts.get(stage.value, 0)) for stage in Stage],
        )


def _versions() -> Iterator[Metric]:
    version = ".".join(str(part) for part in connection.get_database_version())
    yield InfoMetricFamily("fivegates_build", "The version that runs.", {"version": VERSION})
    yield InfoMetricFamily(
        "fivegates_database", "The database under it.", {"kind": connection.vendor, "version": version}
    )


def _one(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(f"fivegates_{name}", told, value)


def _gauge(
    name: str, told: str, labels: tuple[str, ...], rows: Iterable[tuple[tuple[str, ...], Any]]
) -> Metric:
    family = GaugeMetricFamily(f"fivegates_{name}", told, labels=labels)
    for values, value in rows:
        family.add_metric(values, value)
    return family
