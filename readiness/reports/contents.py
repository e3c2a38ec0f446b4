"""What a report says: the figures of the portfolio's pages, for one person and their filters, at one moment.

The same functions as the pages', so that a report and the page of the same moment never tell different numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from gates.models import Initiative
from gates.querysets import InitiativeQuerySet
from readiness.accounts.models import Organisation, User
from readiness.portfolio import figures
from readiness.portfolio.accounts import Accounts, accounts
from readiness.portfolio.books import rates_of
from readiness.portfolio.charts import money
from readiness.portfolio.decisions import LISTED, DecisionGroup, decision_groups, decisions_on
from readiness.portfolio.questions import to_decide
from readiness.portfolio.scope import Scope, choices, days_chosen
from readiness.portfolio.scores import threshold
from readiness.portfolio.value import Value, value
from readiness.standing.definitions import ResearchFigure, research_figures
from readiness.standing.thresholds import current_thresholds
from readiness.ui.local import short_day
from readiness.ui.markup import figure


@dataclass(frozen=True, slots=True)
class Contents:
    """``rows``: the initiatives it speaks of, to be read on; everything else is counted already.

    ``filters``: what was chosen, as (name, value) in words. ``to_decide`` initiatives have a decision that is due.
    """

    person: User
    organisation: Organisation
    at: datetime
    today: date
    scope: Scope
    filters: tuple[tuple[str, str], ...]
    rows: InitiativeQuerySet
    basis: figures.Basis
    headline: figures.Headline
    waiting: figures.Reviews
    decisions: Sequence[DecisionGroup]
    to_decide: int
    funnel: Sequence[figures.FunnelStage]
    gates: Sequence[figures.UnitRow]
    frameworks: Sequence[str]
    stalled: Sequence[figures.Stalled]
    causes: Sequence[figures.CauseCount]
    outcomes: figures.Outcomes
    value: Value
    accounts: Accounts
    published: Sequence[ResearchFigure]

    @property
    def subject(self) -> str:
        """What was chosen in words, "" for everything."""
        return ", ".join(words for _name, words in self.filters)

    @property
    def due(self) -> int:
        """How many decisions are due, of all kinds."""
        return sum(group.count for group in self.decisions)


def gather(person: User, organisation: Organisation, scope: Scope, at: datetime) -> Contents:
    """In a fixed number of queries, over what the person may see now."""
    visible = Initiative.objects.visible_to(person)
    rows, today = scope.of(visible), organisation.day_of(at)
    rates = rates_of(organisation, today)
    waiting = figures.reviews_waiting(rows, today, organisation.zone)
    return Contents(
        person=person,
        organisation=organisation,
        at=at,
        today=today,
        scope=scope,
        filters=in_words(visible, scope),
        rows=rows,
        basis=figures.basis(rows, today),
        headline=figures.headline(rows, rates),
        waiting=waiting,
        decisions=decision_groups(rows, waiting, today, current_thresholds(), scope, shown=LISTED),
        to_decide=to_decide(rows).count(),
        funnel=figures.funnel(rows),
        gates=figures.heat_map(rows),
        frameworks=threshold(rows).names,
        stalled=figures.stalled(rows, today),
        causes=figures.flags_by_root_cause(rows),
        outcomes=figures.outcomes(rows),
        value=value(rows, today, organisation.currency),
        accounts=accounts(rows, today, rates),
        published=[one for one in research_figures().values() if one.shown == "conversion"],
    )


def in_words(visible: InitiativeQuerySet, scope: Scope) -> tuple[tuple[str, str], ...]:
    """The filters that are set, as people call them."""
    found = [(one.label, one.words) for one in choices(visible, scope) if one.chosen]
    return tuple(found + [(label, short_day(day)) for _name, label, day in days_chosen(scope)])


def in_a_sentence(found: Contents) -> str:
    """The whole in one breath: what runs, what is ready, what is stuck at what cost, what is to be decided."""
    headline = found.headline
    words = {
        "running": figure(headline.running),
        "ready": figure(headline.ready_ahead),
        "conditional": figure(headline.conditional_ahead),
        "stalled": figure(headline.stalled),
        "due": decisions_on(found.due, found.to_decide) if found.due else figure(0),
        "spent": money(headline.spent_stalled, headline.currency),
    }
    if headline.spent_stalled:
        return (
            _(
                "Running: %(running)s. Not yet live and ready for production: %(ready)s, with conditions: "
                "%(conditional)s. "
                "Stalled: %(stalled)s, on which %(spent)s were spent. To be decided: %(due)s."
            )
            % words
        )
    return (
        _(
            "Running: %(running)s. Not yet live and ready for production: %(ready)s, with conditions: "
            "%(conditional)s. "
            "Stalled: %(stalled)s. To be decided: %(due)s."
        )
        % words
    )
