"""The portfolio in one sentence: what is live, what is stalled and burns money, what waits for the reader."""

from dataclasses import dataclass

from gates.querysets import InitiativeQuerySet
from gates.stages import Stage
from readiness.accounts.models import User
from readiness.portfolio.charts import money
from readiness.portfolio.currency import Sum
from readiness.portfolio.questions import State, waiting_for
from readiness.portfolio.scope import Scope


@dataclass(frozen=True, slots=True)
class Sentence:
    """``waiting``: initiatives that wait for what the reader may decide. ``burn``: a month, of the stalled ones."""

    total: int
    live: int
    stalled: int
    waiting: int
    burn: Sum
    scope: Scope

    @property
    def burns(self) -> str:
        """How much is known of the burn: "nothing", "part" or "all" of the stalled ones."""
        if not self.burn.is_known:
            return "nothing"
        return "all" if self.burn.counted == self.stalled else "part"

    @property
    def burn_words(self) -> str:
        return money(self.burn.amount, self.burn.currency)

    @property
    def links(self) -> dict[str, str]:
        """The lists behind its numbers."""
        return {
            "total": self.scope.listing(),
            "live": self.scope.listing(stage=Stage.LIVE.value),
            "stalled": self.scope.listing(state=State.STALLED),
            "burn": self.scope.listing(behind="money:stalled_burn"),
            "waiting": self.scope.listing(state=State.FOR_ME),
        }


def sentence(
    rows: InitiativeQuerySet, person: User, scope: Scope, total: int, live: int, stalled: int, burn: Sum
) -> Sentence:
    """The numbers that the page has counted already are handed over; the rest is one query, of a reviewer six."""
    return Sentence(total, live, stalled, waiting_for(rows, person).count(), burn, scope)
