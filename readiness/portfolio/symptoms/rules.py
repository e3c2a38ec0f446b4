"""All symptoms, in the order in which they are shown. Pure: standard library only."""

from collections.abc import Callable
from datetime import date

from readiness.portfolio.symptoms import pilots, portfolio
from readiness.portfolio.symptoms.answers import Symptom
from readiness.portfolio.symptoms.facts import Facts

RULES: tuple[Callable[[Facts, date], Symptom], ...] = (
    pilots.pilots_without_launch,
    pilots.scattered_technology,
    pilots.success_without_users,
    pilots.stuck_before_integration,
    portfolio.money_without_value,
    portfolio.falling_activity,
    portfolio.over_the_limit,
    portfolio.fading_out,
)


def symptoms(facts: Facts, today: date) -> tuple[Symptom, ...]:
    return tuple(rule(facts, today) for rule in RULES)
