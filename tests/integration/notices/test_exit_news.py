"""Who is told that an exit criterion was reached: whoever decides it, and where they cannot, the executives."""

import pytest

from gates.models import ExitCriterion, Initiative
from readiness.accounts.models import User
from readiness.actions.people import deactivate_person
from readiness.audit.recording import COMMAND
from readiness.notices.sending import owe
from readiness.standing.sweeping import recompute_due
from tests.fixtures import create, person
from tests.integration.actions.exiting import criterion_of, read
from tests.integration.actions.props import on
from tests.integration.notices.post import addressees, forget, owed, posted

YOURS = "Weekly use under 30 % for 4 weeks: this exit criterion was reached, and the decision is yours."
SOMEBODYS = "was named to decide it and cannot; an executive has to."


@pytest.fixture
def weekly(lena: User, omar: User, elsa: User, ravi: User) -> ExitCriterion:
    """Of lena's pilot, two low readings; omar, who is not on its team, decides."""
    one = create(lena, on(0), stage="pilot", people={"members": ["lena"]})
    criterion = criterion_of(one, lena, omar)
    read(criterion, lena, "20", 0)
    read(criterion, lena, "20", 27)
    forget(on(27))
    return criterion


def of_exits(day: int) -> dict[str, str]:
    """The mails about exit criteria that went out on that day, by name."""
    mails = {address.split("@")[0]: text for address, text in posted(on(day))}
    return {name: text for name, text in mails.items() if "this exit criterion was reached" in text}


def test_who_decides_is_told_where_to_decide(weekly: ExitCriterion) -> None:
    recompute_due(on(28))

    mails = of_exits(28)
    assert YOURS in mails["omar"].replace("\n", " ")
    assert mails["omar"].startswith(f"Invoice triage: {YOURS}")
    assert f"/initiatives/{weekly.initiative.ref}/promises/#exits" in mails["omar"]
    assert "elsa" not in mails
    assert "omar decides." in mails["lena"]


def test_they_are_told_once(weekly: ExitCriterion) -> None:
    recompute_due(on(28))
    assert "omar" in of_exits(28)
    recompute_due(on(29))
    assert "omar" not in of_exits(29)


def test_where_the_decider_left_executives_are_told(weekly: ExitCriterion) -> None:
    deactivate_person("omar", COMMAND, on(28, 7))
    forget(on(28, 7))
    recompute_due(on(28))

    mails = of_exits(28)
    assert "omar" not in mails
    assert SOMEBODYS in mails["elsa"].replace("\n", " ")


def test_where_the_decider_has_no_address_executives_are_told(weekly: ExitCriterion) -> None:
    User.objects.filter(username="omar").update(email="")
    recompute_due(on(28))
    assert SOMEBODYS in of_exits(28)["elsa"].replace("\n", " ")


def test_where_the_decider_may_not_see_it_any_more_they_are_told_nothing(weekly: ExitCriterion) -> None:
    Initiative.objects.update(visibility="team")
    recompute_due(on(28))

    mails = of_exits(28)
    assert "omar" not in mails
    assert SOMEBODYS in mails["elsa"].replace("\n", " ")


def test_who_is_no_longer_the_one_when_it_goes_out_is_not_written_to(weekly: ExitCriterion) -> None:
    recompute_due(on(28))
    owe(on(28))
    assert "omar" in owed()
    deactivate_person("omar", COMMAND, on(28))
    assert "omar" not in addressees(on(28))


def test_a_decider_on_the_team_is_told_what_is_theirs_first(lena: User, elsa: User) -> None:
    mia = person("mia")
    one = create(lena, on(0), stage="pilot", people={"members": ["lena", "mia"]})
    criterion = criterion_of(one, lena, mia)
    read(criterion, lena, "20", 0)
    read(criterion, lena, "20", 27)
    forget(on(27))
    recompute_due(on(28))
    assert of_exits(28)["mia"].startswith(f"Invoice triage: {YOURS}")
