"""The portfolio's money: the very same figures that its page shows."""

from collections.abc import Mapping
from datetime import date

from gates.budget import cents
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Organisation
from readiness.api import shapes
from readiness.portfolio import money
from readiness.portfolio.books import books, rates_of
from readiness.portfolio.currency import Sum, Worth
from readiness.standing.links import initiative_url


def portfolio_money(
    rows: InitiativeQuerySet, organisation: Organisation, today: date
) -> shapes.PortfolioMoney:
    """In a fixed number of queries, however many rows there are."""
    rates = rates_of(organisation, today)
    kept = books(rows, today)
    sums, months, out = money.all_lines(kept, rates), money.months(kept, rates), money.left_out(kept, rates)
    return {
        "currency": rates.into,
        "as_of": today.isoformat(),
        "sums": _sums(sums),
        "burn_estimated": _sum(sums["burn_estimated"]),
        "stalled_burn_estimated": _sum(sums["stalled_burn_estimated"]),
        "months": [{"month": one.month.isoformat(), "spent": _sum(one.spent)} for one in months.shown],
        "units": [
            {
                "business_unit": one.name if one.key else one.key,
                "initiatives": one.initiatives,
                "sums": _sums(one.lines),
            }
            for one in money.by_unit(kept, rates)
        ],
        "stages": [
            {
                "stage": None if one.key == money.UNKNOWN else one.key,
                "initiatives": one.initiatives,
                "sums": _sums(one.lines),
            }
            for one in money.by_stage(kept, rates)
        ],
        "dearest": [_dear(one) for one in money.dearest(kept, rates)],
        "left_out": out.left_out,
        "rates_missing": [
            {"currency": gap.currency, "initiatives": gap.initiatives, "since": gap.since.isoformat()}
            for gap in out.gaps
        ],
    }


def _sums(lines: Mapping[str, Sum]) -> shapes.MoneySums:
    return {
        "planned": _sum(lines["planned"]),
        "spent": _sum(lines["spent"]),
        "burn": _sum(lines["burn"]),
        "stalled": _sum(lines["stalled"]),
        "stalled_burn": _sum(lines["stalled_burn"]),
        "faded_out": _sum(lines["faded_out"]),
        "stopped": _sum(lines["stopped"]),
        "stopped_somehow": _sum(lines["stopped_somehow"]),
    }


def _sum(found: Sum) -> shapes.MoneySum:
    return {
        "amount": str(cents(found.amount)) if found.is_known else None,
        "initiatives": found.counted,
        "left_out": found.left_out,
    }


def _dear(one: money.Dear) -> shapes.DearInitiative:
    book = one.book
    return {
        "initiative": book.ref,
        "name": book.name,
        "business_unit": book.unit,
        "stage": book.stage.value,
        "stalled": book.stalled,
        "spent": _worth(one.spent) or "0.00",
        "planned": _worth(one.planned),
        "burn": _worth(one.burn),
        "url": initiative_url(book.ref),
    }


def _worth(found: Worth | None) -> str | None:
    return None if found is None or found.value is None else str(cents(found.value))
