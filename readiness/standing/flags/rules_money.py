"""What the budget's shape and its use say."""

from decimal import Decimal

from checklists.said import figure, joined, together
from gates.promises import plain
from readiness.standing.flags.case import SILENT, Answer, Case, Details
from readiness.standing.flags.thresholds import Severity


def budget_shape(case: Case) -> Answer:
    """Little planned for data preparation, or for change; of bought AI only the second is asked.

    Two halves with their own details. The suspected cause is the data's where data is short, else that of change.
    """
    budget = case.facts.budget
    if budget.data_share is None or budget.change_share is None:
        return SILENT
    shares = {"change": budget.change_share}
    if not case.facts.bought:
        shares = {"data": budget.data_share, **shares}
    short = {half: share for half, share in shares.items() if share < case.value(f"{half}_percent")}
    if not short:
        return SILENT
    message = joined(
        case.rule.say(half, share=str(share), threshold=case.value(f"{half}_percent"))
        for half, share in short.items()
    )
    details: Details = {
        "halves": [
            {
                "half": half,
                "root_cause": case.rule.root_causes[half],
                "share_percent": share,
                "threshold_percent": plain(case.value(f"{half}_percent")),
            }
            for half, share in short.items()
        ]
    }
    return Answer(case.find(message, details, root_cause=case.rule.root_causes[next(iter(short))]))


def budget_overrun(case: Case) -> Answer:
    """Most of the plan is spent, or all of it. Nothing spent of a plan of nothing is no overrun."""
    planned, spent = case.facts.budget.planned, case.facts.budget.spent
    if planned is None or spent is None or spent <= 0:
        return SILENT
    info_from, warning_from = case.value("info_from_percent"), case.value("warning_from_percent")
    if spent * 100 < planned * min(info_from, warning_from):
        return SILENT
    severity = Severity.WARNING if spent * 100 >= planned * warning_from else Severity.INFO
    wording = "over" if spent > planned else "nearly"
    currency = case.facts.budget.currency
    details: Details = {
        "planned": str(planned),
        "spent": str(spent),
        "currency": currency,
        "info_from_percent": plain(info_from),
        "warning_from_percent": plain(warning_from),
    }
    message = case.rule.say(wording, spent=money(spent, currency), planned=money(planned, currency))
    return Answer(case.find(message, details, severity))


def money(amount: Decimal, currency: str) -> str:
    """As a sentence shows it: "EUR 1,250.50", and no cents where there are none."""
    shown = figure(f"{amount:,.2f}".removesuffix(".00"))
    return together("{currency} {amount}", currency=currency, amount=shown) if currency else shown
