"""What somebody would ask who guesses that there is a secret: by searches, filters, days, orders, pages and figures."""

from collections.abc import Iterator
from itertools import product

from readiness.portfolio.frame import SECTIONS
from readiness.standing.models import Flag
from tests.access.routes import ROUTES
from tests.access.secret import LONG_AGO, MARK, SPONSOR, Secret

# Typed in capitals, as who guesses would.
LOUD = MARK.upper()
NOTHING = {LOUD: "ZQNOTHING", SPONSOR: "abel", f"{LONG_AGO:%Y}": "1999"}
"""What is asked for of the secret, and what there is nothing of: a text, a sponsor, a year."""

TEXTS = ("name", "business_problem", "business_unit", "technology", "vendor", "tag")
SEARCHES = (
    "/initiatives/?q={}",
    "/audit/?q={}",
    "/api/v1/audit/?search={}",
    "/api/v1/initiatives/?search={}",
    "/api/v1/users/?search={}",
    "/lessons/?q={}",
    "/api/v1/lessons/?search={}",
)
UNIT = f"{LOUD}-RUNNING-BUSINESS_UNIT%20LTD"
FIGURES = (
    *("initiatives", "scores", "portfolio", "portfolio/money"),
    *("portfolio/survival", "portfolio/symptoms"),
)
"""What is narrowed over REST to a unit and to a sponsor."""
PAGES = [ROUTES[section].path for section in SECTIONS]
OF_A_UNIT = (
    *(f"{page}?unit={UNIT}" for page in PAGES),
    f"/initiatives/?unit={UNIT}&page=2",
    f"/lessons/?unit={UNIT}",
    f"/portfolio/gates/?fold={UNIT}",
    f"/portfolio/compare/?unit_a={UNIT}",
    f"/portfolio/compare/?unit_b={UNIT}&on=2026-01-31",
    f"/initiatives/?behind=was:2026-01-31.running.{UNIT.casefold()}",
    *(f"/api/v1/{name}/?business_unit={UNIT}" for name in ("lessons", *FIGURES)),
)
NARROWED = (
    f"technology={LOUD}-RUNNING-TECHNOLOGY%20LTD",
    f"vendor={LOUD}-RUNNING-VENDOR%20LTD&stage=poc",
    f"tag={LOUD}-RUNNING-TAG",
    f"sponsor={SPONSOR}",
    f"since={LONG_AGO:%Y}-01-01&until={LONG_AGO:%Y}-12-31",
)
LATELY = (
    f"/portfolio/compare/?on={LONG_AGO:%Y}-12-01&against={LONG_AGO:%Y}-12-31",
    *(
        f"/initiatives/?behind={question}"
        for question in (
            f"was:{LONG_AGO:%Y}-12-31.running",
            f"changed:{LONG_AGO:%Y}-01-01.{LONG_AGO:%Y}-12-31.came_in",
            f"spent_in:{LONG_AGO:%Y-%m}",
        )
    ),
)


def questions() -> Iterator[str]:
    """Searches and filters that would find it."""
    words = [f"{LOUD}-RUNNING-{text.upper()}" for text in TEXTS] + [f"{LOUD}-STOPPED-NAME"]
    yield from (address.format(word) for address, word in product(SEARCHES, words))
    yield from OF_A_UNIT
    yield from (f"/api/v1/{name}/?sponsor={SPONSOR}" for name in FIGURES)
    yield from (f"/api/v1/initiatives/?{asked.partition('&')[0]}" for asked in NARROWED[:3])
    # Every page of the portfolio understands the same ones; so does the list.
    yield from (f"{page}?{asked}" for page, asked in product(("/portfolio/time/", "/initiatives/"), NARROWED))
    yield from LATELY


def about_nothing(url: str) -> str:
    """The same question about what is not there."""
    for word, other in NOTHING.items():
        url = url.replace(word, other).replace(word.casefold(), other.casefold())
    return url


def as_if_asked_for_it(text: str) -> str:
    """The answer to a question about nothing, with the words of the one about the secret; small letters."""
    for word, other in NOTHING.items():
        text = text.replace(other.casefold(), word.casefold())
    return text


ORDERS = ("name", "score", "updated_at", "created_at")
STATES = ("mine", "stalled", "on_hold", "running", "ended", "")


def listings(secret: Secret) -> Iterator[str]:
    """Orders, pages and filters in which it would stand among others."""
    for order, sign in product(ORDERS, ("", "-")):
        yield f"/api/v1/initiatives/?ordering={sign}{order}&limit=1"
    for name in ("name", "unit", "stage", "score", "days", "updated"):
        yield f"/initiatives/?sort={name}"
        yield f"/initiatives/?sort=-{name}"
    for state in STATES:
        yield f"/initiatives/?state={state}&stage=intake"
    running = secret.running
    for flag in Flag.objects.filter(initiative=running).values_list("code", flat=True).distinct():
        yield f"/initiatives/?flag={flag}"
        yield f"/api/v1/initiatives/?flag={flag}"
        yield f"/api/v1/flags/?code={flag}"
    yield f"/api/v1/initiatives/?stage={running.stage}&verdict=not_ready&min_score=0&max_score=100"
    yield "/api/v1/initiatives/?updated_since=2020-01-01T00:00:00Z"
    yield "/api/v1/scores/?updated_since=2020-01-01T00:00:00Z"
    yield f"/api/v1/audit/?initiative={running.ref}"
    yield from (f"/portfolio/gates/?sort={sort}&page=2" for sort in ("name", "-score", "days", "gate.data"))
    yield "/portfolio/gates/?fold=*"
    yield from (f"/portfolio/trend/?months={months}&step=month" for months in (6, 24))
    yield f"/portfolio/compare/?on={LONG_AGO}"
    yield from (f"{page}?stage={running.stage}&since={LONG_AGO}" for page in PAGES)
    yield from (f"/initiatives/?behind={question}&sort=-updated" for question in BEHIND)


BEHIND = (
    *(
        "reached:poc",
        "ended:faded_out",
        "gates:five-gate",
        "gates:five-gate/data/passed",
        "confirmed:ownership",
    ),
    *(
        "flagged:",
        "unnamed:technology/",
        "unnamed:unit/",
        "money:spent",
        "not_converted:",
        "gap:any",
        "expected:any",
    ),
    *(
        "no_forecast:on_hold",
        "timed:running",
        f"began:to-{LONG_AGO:%Y}-Q4",
        "time:poc.undated",
        "symptom:fading_out",
    ),
)
