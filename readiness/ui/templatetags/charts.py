"""Charts drawn on the server. Each is a figure whose numbers also stand there as text or as a table."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django import template
from django.utils.translation import gettext as _

from readiness.ui import burn_ups, charts, columns, curves, plots, profiles, schedules
from readiness.ui import levels as level_plots
from readiness.ui.local import short_day
from readiness.ui.markup import figure
from readiness.ui.parts import parts, tone_of

register = template.Library()


@register.inclusion_tag("components/chart_bar_list.html")
def chart_bar_list(
    bars: Iterable, title: str, unit: str = "", max: float | None = None, show_title: bool = True
) -> dict[str, Any]:
    """Rows with a label, a figure and a bar; the longest fills the width, or `max` does."""
    placed = charts.bar_list(parts(charts.Bar, bars), max)
    return {"bars": placed, "title": title, "unit": unit, "show_title": show_title}


@register.inclusion_tag("components/chart_stacked_bar.html")
def chart_stacked_bar(
    segments: Iterable, title: str, show_title: bool = True, show_key: bool = True
) -> dict[str, Any]:
    """Parts of a whole in one bar, with a key that carries the figures."""
    placed = charts.stacked(parts(charts.Segment, segments))
    return {"segments": placed, "title": title, "show_title": show_title, "show_key": show_key}


@register.inclusion_tag("components/chart_funnel.html")
def chart_funnel(steps: Iterable, title: str, show_title: bool = True) -> dict[str, Any]:
    """How many are at each stage; bands beside each other, on a phone rows."""
    return {"steps": charts.funnel(parts(charts.FunnelStep, steps)), "title": title, "show_title": show_title}


@register.inclusion_tag("components/chart_heat_map.html")
def chart_heat_map(
    columns: Iterable, rows: Iterable, title: str, corner: str = "", show_title: bool = True
) -> dict[str, Any]:
    """Rows and columns of cells with a tone, an icon or a figure, and an intensity."""
    heads = parts(charts.Column, columns)
    made = [
        charts.HeatRow(label=row.label, href=row.href, hint=row.hint, cells=parts(charts.Cell, row.cells))
        for row in parts(charts.HeatRow, rows)
    ]
    placed = charts.heat_map(heads, made)
    return {"columns": heads, "rows": placed, "title": title, "corner": corner, "show_title": show_title}


@register.inclusion_tag("components/chart_histogram.html")
def chart_histogram(
    bins: Iterable,
    title: str,
    what: str = "",
    x_label: str = "",
    limit: float | None = None,
    limit_label: str = "",
    show_title: bool = True,
) -> dict[str, Any]:
    """How many lie in each range, with an optional line at `limit`. `what` names what is counted."""
    drawing = plots.histogram(parts(plots.Bin, bins), limit)
    values = {"chart": drawing, "title": title, "what": what, "x_label": x_label, "show_title": show_title}
    side = "end" if drawing.limit is not None and drawing.limit > 60 else "start"
    rows = [
        (
            _("%(low)s to %(high)s") % {"low": figure(one.bin.low), "high": figure(one.bin.high)},
            [figure(one.bin.count)],
        )
        for one in drawing.bins
    ]
    return {
        **values,
        "limit_label": limit_label,
        "limit_side": side,
        "heads": [x_label or _("Range"), what],
        "rows": rows,
    }


DOTS_UP_TO = 24


@register.inclusion_tag("components/chart_line.html")
def chart_line(
    lines: Iterable,
    title: str,
    unit: str = "",
    max: float | None = None,
    limit: float | None = None,
    limit_label: str = "",
    show_title: bool = True,
    ends: plots.MonthEnds | None = None,
) -> dict[str, Any]:
    """Lines over days, with date marks, value marks and an optional level line. A lone line is filled below.

    `ends`: the days are ends of months, and are marked and listed by them.
    """
    drawing = plots.line_chart(parts(plots.Line, lines), max, limit, ends)
    values = {
        "chart": drawing,
        "title": title,
        "unit": unit,
        "show_title": show_title,
        "limit_label": limit_label,
    }
    by_day = [dict(placed.line.points) for placed in drawing.lines]
    named = ends.name if ends else short_day
    rows = [(named(day), [figure(known.get(day)) for known in by_day]) for day in drawing.days]
    heads = [_("End of") if ends else _("Day"), *(placed.line.name for placed in drawing.lines)]
    return {
        **values,
        "heads": heads,
        "rows": rows,
        "filled": len(drawing.lines) == 1,
        "dots_up_to": DOTS_UP_TO,
    }


@register.inclusion_tag("components/chart_levels.html")
def chart_levels(
    points: Iterable,
    levels: Iterable,
    title: str,
    unit: str = "",
    what: str = "",
    show_title: bool = True,
) -> dict[str, Any]:
    """Values over days, (day, number) pairs, with levels across that they are held against; a key names these."""
    drawing = level_plots.level_chart(list(points), parts(level_plots.Level, levels))
    shown = [(placed, level_plots.exact(placed.level.value)) for placed in drawing.levels]
    days = [(short_day(point.day), [level_plots.exact(point.value)]) for point in drawing.points]
    across = [(placed.level.name, [value]) for placed, value in shown]
    return {
        "chart": drawing,
        "shown": shown,
        "title": title,
        "unit": unit,
        "show_title": show_title,
        "heads": [_("Day"), f"{what}, {unit}" if unit else what],
        "rows": [*days, *across],
        "dots_up_to": DOTS_UP_TO,
    }


@register.inclusion_tag("components/chart_burn_up.html")
def chart_burn_up(
    points: Iterable,
    need: int,
    scope: int,
    title: str,
    fan: burn_ups.Fan | Mapping[str, Any] | None = None,
    show_title: bool = True,
) -> dict[str, Any]:
    """What was reached over days, (day, number) pairs, the line that is needed, and the fan of a forecast to it."""
    ahead = parts(burn_ups.Fan, [fan])[0] if fan else None
    drawing = burn_ups.burn_up(list(points or []), need, scope, ahead)
    rows = [(short_day(point.day), [figure(point.value)]) for point in drawing.points]
    if ahead is not None:
        ends = (
            (_("Forecast, early"), ahead.early),
            (_("Forecast"), ahead.middle),
            (_("Forecast, late"), ahead.late),
        )
        reached = figure(need)
        rows += [
            (f"{name}: {short_day(day) if day else _('later than is drawn')}", [reached])
            for name, day in ends
        ]
    values = {"chart": drawing, "title": title, "need": need, "scope": scope, "show_title": show_title}
    return {**values, "heads": [_("Day"), _("Reached")], "rows": rows}


@register.inclusion_tag("components/chart_sparkline.html")
def chart_sparkline(
    points: Sequence[float | tuple[date, float]],
    label: str,
    tone: str = "accent",
    step: bool = False,
    low: float | None = None,
    max: float | None = None,
) -> dict[str, Any]:
    """A small line for a table cell or a tile. Points are numbers, or (day, number) pairs in order."""
    values: list[Any] = [point[1] if isinstance(point, tuple) else point for point in points]
    words = (
        _("%(label)s: from %(value)s to %(values)s")
        % {"label": label, "value": figure(values[0]), "values": figure(values[-1])}
        if values
        else _("%(label)s: no figures yet") % {"label": label}
    )
    return {"chart": plots.sparkline(values, step, low, max), "words": words, "tone": tone_of(tone)}


@register.inclusion_tag("components/chart_donut.html")
def chart_donut(
    segments: Iterable, title: str, center: str = "", unit: str = "", show_title: bool = True
) -> dict[str, Any]:
    """Parts of a whole as a ring with a key; `center` stands in the middle, `unit` below it."""
    made = parts(charts.Segment, segments)
    total = center or figure(sum(segment.value for segment in made))
    return {
        "arcs": charts.donut(made),
        "title": title,
        "center": total,
        "unit": unit,
        "show_title": show_title,
    }


@register.inclusion_tag("components/chart_schedule.html")
def chart_schedule(spans: Iterable, title: str, today: date, show_title: bool = True) -> dict[str, Any]:
    """Planned and actual spans over days, one row each, with a line for today."""
    drawing = schedules.schedule(parts(schedules.Span, spans), today)
    rows = [
        (span.label, [_day(span.starts_on), _day(span.ends_on), _day(span.began_on), span.status])
        for span in (placed.span for placed in drawing.spans)
    ]
    heads = ["", _("Planned from"), _("Planned to"), _("Began"), _("Where it stands")]
    return {"chart": drawing, "title": title, "show_title": show_title, "heads": heads, "rows": rows}


def _day(day: date | None) -> str:
    return short_day(day) if day else "–"


@register.inclusion_tag("components/chart_columns.html")
def chart_columns(
    stacks: Iterable,
    names: Sequence[str],
    title: str,
    unit: str = "",
    show_title: bool = True,
    tones: Sequence[str] = (),
) -> dict[str, Any]:
    """A column each, made of parts on top of one another; the key and the table name the parts by `names`.

    With `tones`, one for each name, the parts have the colours of what they mean.
    """
    drawing = columns.stacked_columns(parts(columns.Stack, stacks), names, tones)
    rows = [
        (placed.stack.label, [*(figure(part.value) for part in placed.parts), figure(placed.total)])
        for placed in drawing.stacks
    ]
    values = {"chart": drawing, "title": title, "unit": unit, "show_title": show_title, "rows": rows}
    key = [
        (series, name, columns.texture_of(series), tones[series - 1] if tones else "")
        for series, name in enumerate(names, start=1)
    ]
    return {**values, "names": key, "heads": ["", *names, _("Together")]}


@register.inclusion_tag("components/chart_curves.html")
def chart_curves(
    lines: Iterable,
    marks: Iterable,
    end: float,
    title: str,
    x_label: str = "",
    below_label: str = "",
    heads: Sequence[str] = (),
    rows: Sequence = (),
    show_title: bool = True,
) -> dict[str, Any]:
    """Curves from 0 to 100 % with their bands, over an axis from 0 to `end`; `heads` and `rows` are their figures."""
    placed = parts(curves.Curve, lines or [])
    drawing = curves.curve_chart(placed, parts(curves.AxisMark, marks or []), end or 1)
    values = {"chart": drawing, "title": title, "show_title": show_title, "heads": heads, "rows": rows}
    return {**values, "x_label": x_label, "below_label": below_label}


@register.inclusion_tag("components/chart_profile.html")
def chart_profile(
    rungs: Iterable, scale: Sequence[str], title: str, show_title: bool = True
) -> dict[str, Any]:
    """Rows on one scale of words, from its first to its last, and the line that joins them."""
    drawing = profiles.profile(parts(profiles.Rung, rungs), len(scale))
    rows = [(placed.rung.label, [placed.rung.said]) for placed in drawing.rungs]
    return {
        "chart": drawing,
        "height": profiles.ROW * len(rows),
        "scale": list(zip(scale, drawing.stops, strict=True)),
        "title": title,
        "show_title": show_title,
        "heads": ["", _("Where it stands")],
        "rows": rows,
    }
