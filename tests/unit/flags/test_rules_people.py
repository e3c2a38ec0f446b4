from dataclasses import replace

import pytest

from gates.stages import Stage
from readiness.standing.flags.facts import PeopleFacts
from tests.unit.flags.cast import (
    DORA,
    ELSA,
    FINN,
    LENA,
    SINCE,
    assert_opens_on,
    day,
    flag,
    held,
    initiative,
    raised,
    silent_in,
    team,
)

UNKNOWN = PeopleFacts(known=False)


class TestNoBusinessOwner:
    ORPHAN = initiative(people=team(business_owner=None))

    def test_is_raised_at_once_from_the_poc_on(self) -> None:
        found = raised("no_business_owner", self.ORPHAN, SINCE)
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "ownership", False)
        assert found.message == "No business owner is named at present."
        assert silent_in("no_business_owner", self.ORPHAN, SINCE) == {Stage.INTAKE}

    def test_a_named_one_must_be_active(self) -> None:
        facts = initiative(people=team(business_owner=replace(FINN, active=False)))
        found = raised("no_business_owner", facts, SINCE)
        assert found.message == (
            "Finn Berg, the business owner, is no longer active, and nobody has taken over yet."
        )
        assert found.details == {"business_owner": {"username": "finn", "name": "Finn Berg"}}
        assert flag("no_business_owner", initiative(), SINCE) is None

    def test_in_intake_it_is_information_after_14_days(self) -> None:
        found = assert_opens_on("no_business_owner", replace(self.ORPHAN, stage=Stage.INTAKE), day(14))
        assert found.severity == "info"
        assert found.details["threshold_days"] == 14

    def test_in_intake_days_on_hold_do_not_count(self) -> None:
        facts = replace(self.ORPHAN, stage=Stage.INTAKE, holds=held(day(3), day(5)))
        assert_opens_on("no_business_owner", facts, day(16))

    def test_in_intake_it_waits_for_a_known_beginning(self) -> None:
        facts = replace(self.ORPHAN, stage=Stage.INTAKE, stage_since=None)
        assert flag("no_business_owner", facts, day(400)) is None

    def test_unknown_is_not_missing(self) -> None:
        assert flag("no_business_owner", initiative(people=UNKNOWN), day(60)) is None


class TestNoSponsor:
    ALONE = initiative(people=team(executive_sponsor=None))

    def test_is_raised_where_nobody_is_named(self) -> None:
        found = raised("no_sponsor", self.ALONE, SINCE)
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "sponsorship", False)
        assert found.message == "No executive of Finance is named as sponsor."
        assert silent_in("no_sponsor", self.ALONE, SINCE) == {Stage.INTAKE}

    def test_names_no_unit_where_none_is_known(self) -> None:
        found = raised("no_sponsor", replace(self.ALONE, business_unit="", business_unit_key=""), SINCE)
        assert found.message == "No executive sponsor is named."

    def test_compares_the_units(self) -> None:
        facts = initiative(people=team(executive_sponsor=replace(ELSA, unit="R&D", unit_key="r&d")))
        found = raised("no_sponsor", facts, SINCE)
        assert found.message == ("Elsa Roth, the sponsor, belongs to R&D; the unit that benefits is Finance.")
        assert found.details == {
            "executive_sponsor": {"username": "elsa", "name": "Elsa Roth"},
            "sponsor_unit": "R&D",
            "business_unit": "Finance",
        }

    def test_spellings_of_one_unit_are_one_unit(self) -> None:
        sponsor = replace(ELSA, unit="  FINANCE", unit_key="finance")
        assert flag("no_sponsor", initiative(people=team(executive_sponsor=sponsor)), SINCE) is None

    @pytest.mark.parametrize(
        "facts",
        [
            initiative(people=team(executive_sponsor=replace(ELSA, unit="", unit_key=""))),
            initiative(business_unit="", business_unit_key=""),
            initiative(people=UNKNOWN),
        ],
        ids=["sponsor's unit", "benefiting unit", "people"],
    )
    def test_what_is_unknown_is_not_compared(self, facts: object) -> None:
        assert flag("no_sponsor", facts, SINCE) is None  # type: ignore[arg-type]

    def test_in_intake_it_is_information_after_14_days(self) -> None:
        found = assert_opens_on("no_sponsor", replace(self.ALONE, stage=Stage.INTAKE), day(14))
        assert found.severity == "info"


class TestSinglePerson:
    def test_a_team_with_a_deputy_is_quiet(self) -> None:
        assert flag("single_person", initiative(), SINCE) is None

    def test_owner_and_lead_may_not_be_one_person(self) -> None:
        found = raised("single_person", initiative(people=team(technical_lead=FINN)), SINCE)
        assert (found.severity, found.root_cause, found.stalls) == ("warning", "ownership", False)
        assert found.message == "Finn Berg is business owner and technical lead."

    def test_there_must_be_a_deputy(self) -> None:
        found = raised("single_person", initiative(people=team(deputy=None)), SINCE)
        assert found.message == "No deputy is named."
        assert found.details["deputy"] is None

    @pytest.mark.parametrize("deputy", [FINN, LENA], ids=["the owner", "the lead"])
    def test_a_deputy_must_be_neither(self, deputy: object) -> None:
        found = raised("single_person", initiative(people=team(deputy=deputy)), SINCE)  # type: ignore[arg-type]
        assert found.message.endswith("already holds another of these roles, so nobody else can stand in.")

    def test_says_both_where_both_hold(self) -> None:
        found = raised("single_person", initiative(people=team(technical_lead=FINN, deputy=None)), SINCE)
        assert found.message == "Finn Berg is business owner and technical lead. No deputy is named."

    def test_nobody_in_two_roles_is_not_the_same_person(self) -> None:
        people = team(business_owner=None, technical_lead=None)
        assert flag("single_person", initiative(people=people), SINCE) is None

    def test_unknown_is_not_missing(self) -> None:
        assert flag("single_person", initiative(people=UNKNOWN), SINCE) is None

    def test_speaks_from_the_pilot_on(self) -> None:
        facts = initiative(people=team(deputy=None))
        assert silent_in("single_person", facts, SINCE) == {Stage.INTAKE, Stage.POC}


class TestOwnerLeft:
    def test_is_a_warning_for_any_role(self) -> None:
        facts = initiative(people=team(deputy=replace(DORA, active=False)))
        found = raised("owner_left", facts, SINCE)
        assert (found.severity, found.stalls) == ("warning", False)
        assert found.message == "Dora Lind (deputy) is no longer active."
        assert found.details == {"people": [{"username": "dora", "name": "Dora Lind", "roles": ["deputy"]}]}
        assert silent_in("owner_left", facts, SINCE) == set()

    def test_is_critical_for_the_business_owner_from_the_pilot_on(self) -> None:
        facts = initiative(people=team(business_owner=replace(FINN, active=False)))
        severities = {
            stage: raised("owner_left", replace(facts, stage=stage), SINCE).severity
            for stage in (Stage.INTAKE, Stage.POC, Stage.PILOT, Stage.ROLLOUT, Stage.LIVE)
        }
        assert list(severities.values()) == ["warning", "warning", "critical", "critical", "critical"]
        assert raised("owner_left", facts, SINCE).stalls

    def test_names_a_person_once_with_all_roles(self) -> None:
        gone = replace(FINN, active=False)
        facts = initiative(
            people=team(
                business_owner=gone, technical_lead=gone, executive_sponsor=replace(ELSA, active=False)
            )
        )
        assert raised("owner_left", facts, SINCE).message == (
            "Finn Berg (business owner and technical lead) and Elsa Roth (executive sponsor) are no longer active."
        )

    def test_everyone_active_is_quiet(self) -> None:
        assert flag("owner_left", initiative(), SINCE) is None
