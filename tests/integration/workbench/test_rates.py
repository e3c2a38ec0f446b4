"""Exchange rates on the pages: the admin's, that of the organisation, and the trail."""

import re
from datetime import timedelta

import pytest

from readiness import clock
from readiness.accounts.models import Organisation, Rate, User
from tests.fixtures import create, pages
from tests.integration.workbench.initiatives.scenes import SCRIPT
from tests.integration.workbench.markup import complaints, read
from tests.integration.workbench.test_limits import sane

pytestmark = pytest.mark.django_db

RATES = "/organisation/rates/"
SENT = {"currency": "chf", "rate": "1.0525", "on": "2026-02-28"}


def test_rates_are_entered_shown_and_taken_away(ada: User) -> None:
    admin = pages(ada)
    assert RATES in sane(admin.get("/organisation/")).links().values()
    assert "No rate is entered" in sane(admin.get(RATES)).text
    done = admin.post(RATES, SENT)
    assert (done.status_code, done["Location"]) == (302, RATES)
    shown = sane(admin.get(RATES))
    (row,) = shown.one("tbody").all("tr")
    assert row.text.startswith("CHF counts today 1 CHF = 1.0525 EUR 28 Feb 2026 Ada")
    assert row.one("button").attrs["aria-label"] == "Take away: CHF from 28 February 2026"
    trail = read(admin.get("/audit/"))
    assert re.search(r"1 CHF in EUR from 28 Feb\w* 2026: 1\.0525", trail.text)
    key = Rate.objects.get().pk
    for _ in range(2):
        assert admin.post(f"{RATES}{key}/remove/").status_code == 302
    assert not Rate.objects.exists()


def test_of_each_currency_one_rate_counts_today(ada: User) -> None:
    day = Organisation.get().day_of(clock.now())
    for days, currency, into in ((9, "CHF", "EUR"), (0, "CHF", "EUR"), (-1, "CHF", "EUR"), (3, "EUR", "USD")):
        Rate.objects.create(
            currency=currency, into=into, on=day - timedelta(days=days), rate=2, entered_at=clock.now()
        )
    rows = [row.one("th").text for row in sane(pages(ada).get(RATES)).one("tbody").all("tr")]
    assert rows == ["CHF to come", "CHF counts today", "CHF", "EUR not in use"]


def test_a_decimal_is_read_as_the_readers_language_writes_it(ada: User) -> None:
    ada.language = "de"
    ada.save()
    admin = pages(ada)
    assert admin.post(RATES, SENT | {"rate": "1,0525"}).status_code == 302
    assert str(Rate.objects.get().rate.normalize()) == "1.0525"
    assert "1,0525" in sane(admin.get(RATES)).one("tbody").text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"currency": "EUR"}, "EUR is what the organisation counts in: it needs no rate."),
        ({"currency": "francs"}, "Not a currency that is in use (ISO 4217), such as EUR."),
        ({"currency": SCRIPT}, "Not a currency that is in use (ISO 4217), such as EUR."),
        ({"rate": "0"}, "More than 0 and less than 100,000,000."),
        ({"rate": "1,234"}, "A number such as 12.5."),
        ({"rate": ""}, "This field is required"),
        ({"on": "yesterday"}, "Enter a valid date"),
        ({"on": "1980-01-01"}, "A day between 1990 and the end of next year."),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    ada: User, sent: dict[str, str], message: str
) -> None:
    page = sane(pages(ada).post(RATES, SENT | sent), 422)
    assert message in page.text
    for name in ("currency", "rate"):
        assert page.one("input", name=name).attrs.get("value", "") == (SENT | sent)[name]
    assert not Rate.objects.exists()


def test_what_is_missing_leads_to_its_rate_and_junk_in_an_address_is_left_out(ada: User, lena: User) -> None:
    create(lena, budget={"spent": "5", "currency": "GBP"})
    admin, day = pages(ada), Organisation.get().day_of(clock.now()).isoformat()
    page = sane(admin.get(RATES))
    assert "GBP: 1 initiative is left out of sums" in page.text
    assert page.links()["Enter a rate of GBP"] == f"{RATES}?currency=GBP&on={day}"
    for query in ("?currency=%00%00&on=never", f"?on={day}&page=99", "?currency=%3Cscript%3E"):
        page = read(admin.get(RATES + query))
        assert complaints(page) == []
        assert page.one("input", name="on").attrs["value"] == day
