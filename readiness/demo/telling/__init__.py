"""Telling one initiative's history in acts: what is done is a scene on the stage, at its own day."""

from readiness.demo.telling.checks import CheckActs
from readiness.demo.telling.gates import GateActs
from readiness.demo.telling.lives import LifeActs
from readiness.demo.telling.promises import PromiseActs


class Story(GateActs, PromiseActs, LifeActs, CheckActs):
    """One initiative's history; ``ago`` is always in days before today, negative for days to come."""
