"""At the borders of months: chart, table and workbook count by the same days, and name them alike."""

import calendar
import re
from datetime import date, datetime, time, timedelta

import pytest

from gates.models import Initiative
from readiness.accounts.models import Organisation, User
from tests.fixtures import create, pages, today
from tests.integration.reports.making import taken
from tests.integration.reports.test_over_time import rows_told
from tests.integration.reports.test_sheets import opened, rows_of
from tests.integration.workbench.markup import Node, read

pytestmark = pytest.mark.django_db


def border(back: int) -> date:
    """The first day of the month so many before this one, counted day by day."""
    day = today().replace(day=1)
    for _ in range(back):
        day = (day - timedelta(days=1)).replace(day=1)
    return day


def at_the_borders(by: User) -> list[date]:
    """Two on either side of two borders: in the last minute of a month, and in the first of the next. Their days."""
    zone = Organisation.get().zone
    for back in (2, 4):
        first = datetime.combine(border(back), time(0, 0), zone)
        for at in (first - timedelta(minutes=1), first):
            create(by, at.astimezone(zone), name=f"{at:%d %b}")
    return [one.created_at.astimezone(zone).date() for one in Initiative.objects.all()]


def expected(days: list[date]) -> dict[str, int]:
    """What stood at the end of each month, by its name: those created on or before its last day."""
    found = {}
    for back in range(1, 7):
        first = border(back)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        found[f"{calendar.month_abbr[first.month]} {first.year}"] = sum(day <= last for day in days)
    return found


def shown(by: User) -> Node:
    return read(pages(by).get("/portfolio/trend/?months=6"))


def plain(label: str) -> str:
    """ "Sept 2026" as the calendar of Python cuts it."""
    return re.sub(r"^(\w{3})\w*", r"\1", label)


def test_what_came_in_at_a_border_is_in_the_month_of_its_day_everywhere(lena: User, elsa: User) -> None:
    days = at_the_borders(lena)
    counts = expected(days)
    assert sorted(set(counts.values())) == [0, 1, 2, 3, 4], "both borders are seen"
    page = shown(elsa)
    table = {plain(row[0]): int(row[1]) for row in rows_told(page, "Figures month by month")}
    stood = {month: count for month, count in counts.items() if count}
    assert {month: count for month, count in table.items() if month in counts} == stood
    columns = {plain(row[0]): int(row[-1]) for row in rows_told(page, "Running initiatives by score")}
    assert columns == table
    sheet = rows_of(opened(taken(elsa, "xlsx"))["Readiness over time"])
    by_day = {row["End of"].date(): row["Running"] for row in sheet}
    assert {f"{day:%b %Y}": count for day, count in by_day.items() if day != today()} == stood
    assert all((day + timedelta(days=1)).day == 1 for day in by_day if day != today())


def test_a_line_names_its_points_as_the_table_names_its_rows(lena: User, elsa: User) -> None:
    at_the_borders(lena)
    page = shown(elsa)
    months = [row[0] for row in rows_told(page, "Figures month by month")][::-1]
    for title, column in (("Stalled initiatives", -1), ("Median score", 2)):
        rows = rows_told(page, title)
        assert [row[0] for row in rows] == months
        told = [row[column] for row in rows_told(page, "Figures month by month")][::-1]
        assert [float(row[1]) for row in rows] == [float(cell) for cell in told]
        chart = next(one for one in page.all("figure", class_="chart") if one.one("figcaption").text == title)
        points = {
            float(dot.attrs["cx"].rstrip("%")): dot.one("title").text
            for dot in chart.all("circle")
            if "cx" in dot.attrs
        }
        marks = [
            (float(mark.attrs["x"].rstrip("%")), mark.text)
            for mark in chart.all("text", class_="chart__text")
            if mark.attrs.get("y") == "207"
        ]
        assert len(marks) >= 3
        for x, label in marks:
            assert x in points, (label, sorted(points))
            assert label.split()[0].rstrip(".") in points[x] or label in points[x]
