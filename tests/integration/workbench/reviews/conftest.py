"""Submissions that wait for a reviewer."""

import pytest

from gates.models import Initiative
from readiness import clock
from readiness.accounts.models import User
from readiness.actions.gates import submit_gate
from readiness.audit.recording import Actor
from tests.fixtures import answer_all


@pytest.fixture
def submitted(initiative: Initiative, lena: User) -> Initiative:
    """Lena's initiative, its Data gate answered and submitted."""
    answer_all(initiative, lena, gates=["data"])
    submit_gate(initiative.pk, "data", "Look at DATA-2 first.", Actor.person(lena), clock.now())
    return initiative


@pytest.fixture
def checkpoint(initiative: Initiative, lena: User) -> Initiative:
    """Lena's initiative, its first checkpoint submitted with nothing answered."""
    submit_gate(initiative.pk, "checkpoint-0", "", Actor.person(lena), clock.now())
    return initiative
