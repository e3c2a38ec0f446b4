"""The money of a portfolio in words, each sum with the list behind it: for the page and for the report."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from gates.budget import BURN_MONTHS
from gates.stages import Stage
from readiness.portfolio import money
from readiness.portfolio.accounts import Accounts
from readiness.portfolio.charts import money as amount_words
from readiness.portfolio.charts import roughly
from readiness.portfolio.currency import Rates, Sum
from readiness.portfolio.scope import Scope
from readiness.portfolio.value_money import Against, Promises, against_cost
from readiness.standing.links import initiative_url
from readiness.standing.words import STAGE_WORDS
from readiness.ui.charts import Segment
from readiness.ui.columns import Stack
from readiness.ui.local import month as month_words
from readiness.ui.local import short_month
from readiness.ui.markup import figure

COLUMNS = ("planned", "spent", "burn", "stalled", "faded_out", "stopped")


@dataclass(frozen=True, slots=True)
class Told:
    """A sum in words: ``amount`` is "–" where nothing is known, ``left_out`` a sentence or ""; ``href`` its list.

    ``figure`` and ``currency`` are the same amount in two parts.
    """

    amount: str
    figure: str
    currency: str
    count: str
    left_out: str
    href: str
    further: str = ""

    @property
    def note(self) -> str:
        return "; ".join(part for part in (self.count, self.further, self.left_out) if part)

    @property
    def below(self) -> str:
        """What a cell of a table says under the amount."""
        return "; ".join(part for part in (self.further, self.left_out) if part)


@dataclass(frozen=True, slots=True)
class Table:
    """The lines of money of each unit or stage. ``corner``: what stands above their names."""

    title: str
    about: str
    corner: str
    rows: Sequence[dict[str, object]]


def money_shown(found: Accounts, scope: Scope) -> dict[str, Any]:
    """Everything but what cost most, in words."""
    return {
        "tiles": {code: _of_line(found.sums, code, scope) for code in found.sums},
        "stalled_burns": roughly(found.sums["stalled_burn"], found.sums["stalled_burn_estimated"]),
        "sums": found.sums,
        "left_out": found.left_out,
        "left_out_url": scope.listing(behind="not_converted:"),
        "moving": _moving(found.sums, scope),
        "months": _months(found.months, found.rates, scope),
        "columns": [COLUMN_WORDS[code]() for code in COLUMNS],
        "parts": _tables(found, scope),
        "value": _value(found, scope),
    }


def dearest_shown(found: Accounts) -> list[dict[str, object]]:
    return [_dear(one, found.rates) for one in money.dearest(found.kept, found.rates)]


def _tables(found: Accounts, scope: Scope) -> list[Table]:
    return [
        Table(
            _("By business unit"),
            _("Those that cost most first."),
            pgettext("of an organisation", "Unit"),
            _parts(found.units, scope, "unit"),
        ),
        Table(
            _("By stage"),
            _("What has ended stands in the stage in which it was before."),
            _("Stage"),
            _parts(found.stages, scope, "stage"),
        ),
    ]


def _told(found: Sum, href: str) -> Told:
    count = ngettext("%(count)s initiative", "%(count)s initiatives", found.counted)
    out = ngettext("%(count)s left out", "%(count)s left out", found.left_out)
    return Told(
        amount=amount_words(found.amount, found.currency) if found.is_known else "–",
        figure=amount_words(found.amount, "") if found.is_known else "–",
        currency=found.currency if found.is_known else "",
        count=count % {"count": figure(found.counted)} if found.is_known else "",
        left_out=out % {"count": figure(found.left_out)} if found.left_out else "",
        href=href if found.is_known else "",
    )


def _line(code: str, found: Sum, scope: Scope, stage: str = "", **further: str) -> Told:
    behind = f"money:{code}.{stage}" if stage else f"money:{code}"
    return _told(found, scope.listing(behind=behind, **further))


def _of_line(sums: Mapping[str, Sum], code: str, scope: Scope) -> Told:
    """A burn says of how much of it no month tells."""
    told = _line(code, sums[code], scope)
    booked, estimated = sums.get(f"{code}_booked"), sums.get(f"{code}_estimated")
    if booked is None or estimated is None or not estimated.amount:
        return told
    if not booked.amount:
        return replace(told, further=_("estimated"))
    words = {"booked": amount_words(booked.amount, ""), "estimated": amount_words(estimated.amount, "")}
    return replace(told, further=_("partly estimated: %(booked)s booked + %(estimated)s estimated") % words)


def _moving(sums: Mapping[str, Sum], scope: Scope) -> list[Segment]:
    """What was spent on running initiatives: on those that move, and on those that are stalled."""
    stalled, running = sums["stalled"], sums["spent"]
    if not running.amount:
        return []
    rest = running.amount - stalled.amount
    return [
        Segment(
            label=_("Moving"), value=float(rest), tone="good", display=amount_words(rest, running.currency)
        ),
        Segment(
            label=_("Stalled"),
            value=float(stalled.amount),
            tone="critical",
            display=amount_words(stalled.amount, stalled.currency),
            href=scope.listing(behind="money:stalled"),
        ),
    ]


def _months(found: money.Months, rates: Rates, scope: Scope) -> dict[str, object]:
    return {
        "stacks": [
            Stack(
                label=month_words(one.month),
                short=short_month(one.month),
                values=[float(one.spent.amount)],
            )
            for one in found.shown
        ],
        "names": [_("Spent, %(currency)s") % {"currency": rates.into}],
        "left_out": found.left_out,
        # Those of which the burn is the mean, each with the list of who spent in it.
        "burning": [
            (
                month_words(one.month),
                _told(one.spent, scope.listing(behind=f"spent_in:{one.month:%Y-%m}")),
            )
            for one in found.shown[-BURN_MONTHS - 1 : -1]
        ],
    }


COLUMN_WORDS = {
    "planned": lambda: _("Planned"),
    "spent": lambda: _("Spent"),
    "burn": lambda: _("Burn a month"),
    "stalled": lambda: _("In stalled ones"),
    "faded_out": lambda: _("Faded out"),
    "stopped": lambda: _("Stopped otherwise"),
}


def _parts(found: Sequence[money.Part], scope: Scope, kind: str) -> list[dict[str, object]]:
    return [
        {
            "name": part.name,
            "initiatives": part.initiatives,
            "cells": [(COLUMN_WORDS[code](), _cell(part, code, scope, kind)) for code in COLUMNS],
        }
        for part in found
    ]


def _cell(part: money.Part, code: str, scope: Scope, kind: str) -> Told:
    """Without a link where no filter asks for just these: of no unit, and of the rest of the units."""
    if kind == "stage":
        told = _line(code, part.lines[code], scope, part.key or "")
    elif part.key:
        told = _line(code, part.lines[code], scope, unit=part.key)
    else:
        told = _told(part.lines[code], "")
    if code == "burn" and part.lines["burn_estimated"].amount:
        partly = part.lines["burn_booked"].amount
        return replace(told, further=_("partly estimated") if partly else _("estimated"))
    return told


def _dear(one: money.Dear, rates: Rates) -> dict[str, object]:
    book = one.book
    own = ""
    if not rates.needs_none(book.currency) and book.spent is not None:
        own = amount_words(book.spent, book.currency)
    return {
        "name": book.name,
        "url": initiative_url(book.ref),
        "sub": " · ".join(part for part in (book.ref, book.unit) if part),
        "stage": STAGE_WORDS[book.stage],
        "stalled": book.stalled,
        "faded_out": book.outcome == "faded_out",
        "spent": _amount(one.spent.value, rates),
        "own": own,
        "planned": _amount(one.planned.value if one.planned else None, rates),
        "burn": _amount(one.burn.value if one.burn else None, rates),
        "estimated": not book.months and one.burn is not None and bool(one.burn.value),
    }


def _amount(value: Decimal | None, rates: Rates) -> str:
    return "–" if value is None else amount_words(value, rates.into)


def _value(found: Accounts, scope: Scope) -> dict[str, object]:
    promise, unmeasured = found.promise, found.unmeasured
    return {
        "live": found.live,
        "live_url": scope.listing(stage=Stage.LIVE.value),
        "with_kpi": len(promise.promised),
        "without_kpi": found.live - len(promise.promised),
        "promised": _told(found.promised, scope.listing(behind="value:promised")),
        "measured": _told(found.measured, scope.listing(behind="value:measured")),
        "unmeasured": replace(
            _told(unmeasured, scope.listing(behind="value:unmeasured")),
            further=_share(promise, found.promised, unmeasured),
        ),
        "against": [_against(one, found.rates) for one in against_cost(found.kept, promise, found.rates)],
    }


def _share(found: Promises, promised: Sum, unmeasured: Sum) -> str:
    """How much of what is promised nobody has measured; "" where that cannot be told."""
    if not found.kpis or promised.amount <= 0 or promised.left_out or unmeasured.left_out:
        return ""
    return _("%(percent)s %% of what is promised") % {
        "percent": figure(100 * unmeasured.amount / promised.amount, 0)
    }


def _against(one: Against, rates: Rates) -> dict[str, object]:
    return {
        "name": one.book.name,
        "url": initiative_url(one.book.ref),
        "sub": one.book.ref,
        "cost": amount_words(one.cost, rates.into),
        "measured": amount_words(one.measured, rates.into),
        "partly": one.partly,
        "months": "–" if one.months is None else figure(one.months, 1),
    }
