"""Every door that shows figures over the portfolio, and what it tells a person, word for word."""

import io
import re
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, QueryDict

from readiness.accounts.models import Scope, User
from readiness.accounts.visits import ASKED_BY_ITSELF
from readiness.portfolio.scope import asked_for
from readiness.portfolio.symptoms.answers import Code
from readiness.reports import making, monthly
from readiness.reports.models import Format, MonthlyMail, Report, Subscription
from tests.access.cast import TOKEN_OWNERS, Cast
from tests.access.portfolios import IMPORTED_BY, OTHERS, SPONSORS, Portfolios
from tests.access.routes import ROUTES
from tests.access.rows import ROWS
from tests.access.world import undone
from tests.integration.workbench.markup import parsed

Told = dict[str, str]
"""What a person is told, by the name of the door."""


@dataclass(frozen=True)
class Door:
    """An address, by the name that a test calls it; ``alone``: asked as a page that was left open asks by itself."""

    name: str
    url: str
    alone: bool = False


def _pages() -> list[Door]:
    """Every page of the portfolio that asks for nothing in its path, as the URL resolver knows them."""
    routes = {ROUTES[row.route] for row in ROWS if row.method == "GET" and not row.is_api}
    return [
        Door(route.name, route.path)
        for route in sorted(routes, key=lambda one: one.name)
        if route.path.startswith("/portfolio/") and not route.parameters
    ]


PAGES = [
    *_pages(),
    *(Door(f"symptom {code.value}", f"/portfolio/symptoms/{code.value}/") for code in Code),
    Door("home", "/home/"),
    Door("initiatives", "/initiatives/"),
    Door("lessons", "/lessons/"),
    Door("frameworks", "/frameworks/"),
]
ENDPOINTS = [
    Door("api-portfolio", "/api/v1/portfolio/"),
    Door("api-symptoms", "/api/v1/portfolio/symptoms/"),
    Door("api-money", "/api/v1/portfolio/money/"),
    Door("api-survival", "/api/v1/portfolio/survival/"),
    Door("api-scores", "/api/v1/scores/"),
    Door("api-flags", "/api/v1/flags/"),
    Door("api-initiatives", "/api/v1/initiatives/"),
    Door("api-lessons", "/api/v1/lessons/"),
]
"""One of each kind."""
FILTERS = {
    "unit": "Finance",
    "stage": "pilot",
    "sponsor": SPONSORS[OTHERS],
    "technology": f"technology of {OTHERS}",
    "vendor": "acme",
    "tag": f"tag of {OTHERS}",
    "since": "2025-06-01",
    "until": "2025-12-31",
}
QUESTIONS = [
    "reached:pilot",
    "reviews:waiting",
    "ended:decided",
    "gates:five-gate/data/passed",
    "confirmed:ownership",
    "suspected:momentum",
    "stopped_for:integration",
    "resolved:governance",
    "flagged:",
    "beyond:unit/",
    "unnamed:technology/",
    "money:spent",
    "money:stalled_burn.pilot",
    "not_converted:",
    f"imported:{IMPORTED_BY}",
    "spent_in:2026-01",
    "was:2025-12-31.stalled",
    "was:2026-01-31.running.sales",
    "changed:2025-12-31.2026-03-31.came_in",
    "gap:any",
    "expected:any",
    "no_forecast:on_hold",
    "value:promised",
    "timed:live",
    "began:to-2025-Q3",
    "time:pilot.beyond",
    "symptom:fading_out",
    "symptom:pilots_without_launch.counted",
    "symptom:success_without_users.basis",
]
"""What stands behind figures: of each kind that a list understands."""
NARROWED = [
    *(Door(f"filter {name}", f"/portfolio/time/?{name}={value}") for name, value in FILTERS.items()),
    *(Door(f"behind {asked}", f"/initiatives/?behind={asked}") for asked in QUESTIONS),
    *(Door(f"gates {query}", f"/portfolio/gates/?{query}") for query in ("sort=gate.data", "fold=*")),
    Door("trend 24", "/portfolio/trend/?months=24&step=month"),
    Door("compare days", "/portfolio/compare/?on=2025-09-30&against=2026-02-28"),
    Door("compare units", "/portfolio/compare/?unit_a=finance&unit_b=sales"),
    Door("symptoms of a unit", "/portfolio/symptoms/?unit=finance"),
    Door("stalled", "/initiatives/?state=stalled&sort=-score"),
    Door("money left open", "/portfolio/money/?unit=sales", alone=True),
    Door("api-portfolio of a unit", "/api/v1/portfolio/?business_unit=finance"),
    Door("api-symptoms of a unit", "/api/v1/portfolio/symptoms/?business_unit=finance"),
    Door("api-money of a unit", "/api/v1/portfolio/money/?business_unit=finance"),
    Door("api-scores of a unit", "/api/v1/scores/?business_unit=finance"),
    *(
        Door(f"api-{name} of a sponsor", f"/api/v1/{name}/?sponsor={FILTERS['sponsor']}")
        for name in ("initiatives", "scores", "portfolio", "portfolio/money", "portfolio/symptoms")
    ),
]
PASSING = ("X-Request-ID", "Content-Length", "Expires")
"""Headers that differ from one answer to the next anyway."""


def told_at(scene: Portfolios, who: str, doors: Iterable[Door]) -> Told:
    """What these doors tell this person; an endpoint also by their token."""
    said = {}
    for door in doors:
        headers = {"HTTP_" + ASKED_BY_ITSELF.upper().replace("-", "_"): "1"} if door.alone else {}
        said[door.name] = _words(scene.cast.knock(who, "GET", door.url, **headers))
        if door in ENDPOINTS and who in TOKEN_OWNERS:
            by_token = scene.cast.knock(who, "GET", door.url, Scope.READ)
            said[f"{door.name} by token"] = _words(by_token)
    return said


def shared_view(scene: Portfolios, who: str) -> str:
    """Where a view leads that somebody else shares, and what stands there."""
    leads = scene.cast.knock(who, "GET", f"/views/{scene.view}/")
    return f"{leads['Location']}\n{_words(scene.cast.knock(who, 'GET', leads['Location']))}"


def _words(response: HttpResponse) -> str:
    """An answer without what differs from one to the next anyway: tokens against forged requests and its own number."""
    text = re.sub(r"(csrfmiddlewaretoken\" value=|X-CSRFToken\": )\"\w+\"", "", response.content.decode())
    headers = [(name, value) for name, value in response.items() if name not in PASSING]
    return f"{response.status_code}\n{sorted(headers)}\n{text}"


def parts_of(said: str) -> dict[str, str]:
    """A page or a report taken apart: each tile, card and part with what it says, and what is said over all of it."""
    found = {}
    for node in parsed(said).walk():
        styles = set(node.attrs.get("class", "").split())
        if node.attrs.get("id") in ("basis", "found"):
            found[node.attrs["id"]] = node.text
        elif "stat" in styles:
            found[node.one("p", class_="stat__label").text] = node.text
        elif node.tag == "section" and styles & {"card", "part"} and not node.all("article"):
            heading = next((one.text for one in node.walk() if one.tag in ("h2", "h3")), "")
            found[node.attrs.get("id") or heading] = node.text
    return found


def kept_as_html(html: str, path: Path) -> None:
    """In place of laying a PDF out: what would stand in it can be read."""
    path.write_text(html, encoding="utf-8")


def reported(cast: Cast, who: str, at: datetime, query: str = "") -> Told:
    """What a person takes along: each report as it is asked for on the page, made and downloaded, and the mail."""
    with undone():
        said = {f"report {wanted}": _report(cast, who, wanted, at, query) for wanted in Format.values}
        said["monthly mail"] = _mail(cast.people[who], at, query)
    return said


def _report(cast: Cast, who: str, wanted: str, at: datetime, query: str) -> str:
    asked = cast.knock(who, "POST", f"/portfolio/reports/?{query}", data={"format": wanted})
    assert asked.status_code == 302
    report = Report.objects.get(person=cast.people[who], format=wanted)
    assert report.work_id is not None
    making.carry_on(report.work_id, at)
    file = cast.knock(who, "GET", f"/portfolio/reports/{report.pk}/file/")
    assert file.status_code == 200
    report.refresh_from_db()
    making.store().delete(report.file_key)
    # Of a PDF it is what would be laid out.
    return _sheets(file.content_sent) if wanted == Format.XLSX else str(file.content_sent, encoding="utf-8")


def _sheets(data: bytes) -> str:
    """The parts of a workbook but for those that say when it was made."""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        names = [name for name in book.namelist() if not name.startswith("docProps/")]
        return "\n".join(f"{name}\n{book.read(name).decode()}" for name in sorted(names))


def _mail(person: User, at: datetime, query: str) -> str:
    asked = asked_for(QueryDict(query)).scope.asked
    wish = Subscription.objects.create(person=person, since=at.date() - timedelta(days=60), asked=asked)
    owed = MonthlyMail.objects.create(person=person, month=f"{at:%Y-%m}", due_at=at)
    message = monthly.written(owed, wish, at)
    owed.refresh_from_db()
    assert owed.report is not None
    making.store().delete(owed.report.file_key)
    ((_name, attached, _kind),) = message.attachments
    parts = (message.subject, message.body, message.alternatives[0][0], bytes(attached).decode())
    link = f"{settings.FIVEGATES_URL}/portfolio/reports/{owed.report_id}/"
    return "\n".join(str(part).replace(link, "") for part in parts)
