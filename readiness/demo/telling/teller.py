"""What every kind of act needs: the stage, the people, and the initiative that the story is about."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Self

from gates.models import Initiative
from readiness.actions.initiatives import create_initiative, edit_initiative
from readiness.audit.recording import Actor
from readiness.demo.cast import REVIEWERS
from readiness.demo.director import Stage


class Teller:
    """Acts are those of the lead unless they name somebody else."""

    def __init__(self, stage: Stage, lead: str, reviewer: str | None = None) -> None:
        self.stage = stage
        self.lead = lead
        self.reviewer = reviewer or stage.random.choice(REVIEWERS)
        self.name = ""
        self.people: dict[str, str | None] = {}
        self._initiative: Initiative | None = None

    @property
    def initiative(self) -> Initiative:
        if self._initiative is None:
            raise RuntimeError("A story begins with its creation.")
        return self._initiative

    def create(self, ago: int, **facts: Any) -> Self:
        def do(at: datetime) -> None:
            self._initiative, _ = create_initiative(facts, self.actor(self.lead), at)

        self.name, self.people = facts["name"], dict(facts.get("people") or {})
        return self.act(ago, do)

    def edit(self, ago: int, **facts: Any) -> Self:
        return self.act(ago, lambda at: edit_initiative(self.pk, facts, self.leading(), at))

    @property
    def pk(self) -> int:
        return self.initiative.pk

    def act(self, ago: int, do: Callable[[datetime], object]) -> Self:
        self.stage.add(ago, do, self.name)
        return self

    def actor(self, who: str) -> Actor:
        """A person by their username, or by the role they were given at the start, such as ``executive_sponsor``."""
        return self.stage.actor(self.people.get(who) or who)

    def leading(self) -> Actor:
        return self.actor(self.lead)
