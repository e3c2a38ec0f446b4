"""The portfolio in one sentence: what is live, what is stalled and burns money, what waits for the reader."""

from dataclasses import dataclass

from gates.stages import Stage
from readiness.portfolio.charts import roughly
from readiness.portfolio.currency import Sum
from readiness.portfolio.questions import State
from readiness.portfolio.scope import Scope


@dataclass(frozen=True, slots=True)
class Sentence:
    """``waiting``: initiatives that wait for what the reader may decide. ``burn``: a month, of the stalled ones, of
    which a part is ``estimated``.
    """

    total: int
    live: int
    stalled: int
    waiting: int
    burn: Sum
    estimated: Sum
    scope: Scope

    @property
    def burns(self) -> str:
        """How much is known of the burn: "nothing", "part" or "all" of the stalled ones."""
        if not self.burn.is_known:
            return "nothing"
        return "all" if self.burn.counted == self.stalled else "part"

    @property
    def burn_words(self) -> str:
        return roughly(self.burn, self.estimated)

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
    scope: Scope, total: int, live: int, stalled: int, waiting: int, burns: tuple[Sum, Sum]
) -> Sentence:
    """All is counted already. ``burns``: as ``money.burn_of_stalled`` gives it."""
    return Sentence(total, live, stalled, waiting, *burns, scope)
