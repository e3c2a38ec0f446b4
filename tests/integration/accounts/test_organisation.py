"""The organisation and its thresholds: the acts behind the pages."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from readiness.accounts.models import Organisation, User
from readiness.actions.errors import Conflict, Invalid, NotAllowed, NotFound
from readiness.actions.organisation import (
    edit_organisation,
    end_demo,
    overrides_of,
    reset_thresholds,
    set_thresholds,
)
from readiness.audit.models import Event
from readiness.audit.recording import Actor
from readiness.standing.models import Standing, Threshold
from readiness.standing.thresholds import current_thresholds
from tests.fixtures import create, person
from tests.integration.accounts.doors import make_demo_account

LATE = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)


def days_due() -> list:
    return list(Standing.objects.order_by("pk").values_list("due_on", flat=True))


class TestEditing:
    def test_name_zone_and_currency_are_set_and_recorded(self, ada: User, at: datetime) -> None:
        edit_organisation(" Nordwind ", "Europe/Berlin", "chf", Actor.person(ada), at)
        stands = Organisation.get()
        assert (stands.name, stands.zone, stands.currency) == ("Nordwind", ZoneInfo("Europe/Berlin"), "CHF")
        assert Event.objects.get(verb="organisation.edited").data == {
            "changed": {
                "name": ["Our organisation", "Nordwind"],
                "time_zone": ["UTC", "Europe/Berlin"],
                "currency": ["EUR", "CHF"],
            }
        }

    def test_another_zone_makes_everything_due_on_its_own_today(self, ada: User, lena: User) -> None:
        create(lena)
        create(lena, name="Another")
        Standing.objects.update(due_on=None)
        edit_organisation("Our organisation", "Asia/Tokyo", "EUR", Actor.person(ada), LATE)
        assert days_due() == [datetime(2026, 11, 21, tzinfo=UTC).date()] * 2

    def test_another_name_makes_nothing_due(self, ada: User, lena: User, at: datetime) -> None:
        create(lena)
        Standing.objects.update(due_on=None)
        edit_organisation("Nordwind", "UTC", "USD", Actor.person(ada), at)
        assert days_due() == [None]

    @pytest.mark.parametrize(
        ("words", "fields"),
        [
            (("", "UTC", "EUR"), ["name"]),
            (("x" * 10_000, "UTC", "EUR"), ["name"]),
            (("a\x00", "UTC", "EUR"), ["name"]),
            (("Nordwind", "Mars/Olympus", "EUR"), ["time_zone"]),
            (("Nordwind", "", "EUR"), ["time_zone"]),
            (("Nordwind", "../../etc/passwd", "EUR"), ["time_zone"]),
            (("Nordwind", "UTC\x00", "EUR"), ["time_zone"]),
            (("Nordwind", "UTC", "EURO"), ["currency"]),
            (("Nordwind", "UTC", "€"), ["currency"]),
            (("Nordwind", "UTC", "E1R"), ["currency"]),
            (("", "Nowhere", ""), ["name", "time_zone", "currency"]),
        ],
    )
    def test_every_mistake_is_named_and_nothing_changes(
        self, ada: User, at: datetime, words: tuple[str, str, str], fields: list[str]
    ) -> None:
        with pytest.raises(Invalid) as refused:
            edit_organisation(*words, Actor.person(ada), at)
        assert [error.field for error in refused.value.errors] == fields
        assert Organisation.get().name == "Our organisation"

    def test_only_an_admin_may(self, elsa: User, at: datetime) -> None:
        with pytest.raises(NotAllowed):
            edit_organisation("Nordwind", "UTC", "EUR", Actor.person(elsa), at)


class TestEndingTheDemo:
    def test_an_admin_of_ones_own_must_be_there(self, demo: Organisation, ada: User, at: datetime) -> None:
        make_demo_account(ada)
        with pytest.raises(Conflict) as refused:
            end_demo(Actor.person(ada), at)
        assert refused.value.code == "no_own_admin"
        assert Organisation.get().demo is True

    @pytest.mark.parametrize("lacking", ["password", "active", "role"])
    def test_it_must_be_one_who_can_sign_in(
        self, demo: Organisation, ada: User, at: datetime, lacking: str
    ) -> None:
        make_demo_account(ada)
        own = person("bea", admin=lacking != "role")
        own.is_active = lacking != "active"
        if lacking == "password":
            own.set_unusable_password()
        own.save()
        with pytest.raises(Conflict):
            end_demo(Actor.person(ada), at)

    def test_then_it_ends_once_and_for_all(self, demo: Organisation, ada: User, at: datetime) -> None:
        make_demo_account(ada)
        own = person("bea", admin=True)
        end_demo(Actor.person(ada), at)
        assert Organisation.get().demo is False
        assert Event.objects.get(verb="demo.ended").actor == ada
        with pytest.raises(Conflict) as refused:
            end_demo(Actor.person(own), at)
        assert refused.value.code == "no_demo"

    def test_only_an_admin_may(self, demo: Organisation, elsa: User, at: datetime) -> None:
        with pytest.raises(NotAllowed):
            end_demo(Actor.person(elsa), at)


class TestThresholds:
    def test_what_is_set_holds_at_once_in_its_stage(self, ada: User, at: datetime) -> None:
        set_thresholds(
            "no_activity", {("", "days"): Decimal(30), ("pilot", "days"): Decimal(14)}, Actor.person(ada), at
        )
        holds = current_thresholds()
        assert [holds.days("no_activity", stage, "days") for stage in ("poc", "pilot", "rollout")] == [
            30,
            14,
            30,
        ]
        assert Event.objects.get(verb="threshold.set").data == {
            "rule": "no_activity",
            "changed": {"*/days": [None, "30"], "pilot/days": [None, "14"]},
        }

    def test_what_is_not_named_stays_and_none_is_the_default(self, ada: User, at: datetime) -> None:
        by = Actor.person(ada)
        set_thresholds(
            "stage_overrun", {("poc", "days"): Decimal(10), ("pilot", "days"): Decimal(20)}, by, at
        )
        changed = set_thresholds("stage_overrun", {("poc", "days"): None}, by, at)
        assert changed == {"poc/days": ["10", None]}
        assert overrides_of("stage_overrun") == {("pilot", "days"): Decimal(20)}
        assert current_thresholds().days("stage_overrun", "poc", "days") == 28

    def test_setting_the_same_again_leaves_no_trace(self, ada: User, at: datetime) -> None:
        by = Actor.person(ada)
        set_thresholds("no_activity", {("", "days"): Decimal(30)}, by, at)
        assert set_thresholds("no_activity", {("", "days"): Decimal("30.00")}, by, at) == {}
        assert Event.objects.count() == 1
        assert Threshold.objects.count() == 1

    def test_resetting_takes_all_of_a_rule_back_and_no_other(self, ada: User, at: datetime) -> None:
        by = Actor.person(ada)
        set_thresholds("no_activity", {("", "days"): Decimal(30)}, by, at)
        set_thresholds("score_flat", {("", "days"): Decimal(30)}, by, at)
        reset_thresholds("no_activity", by, at)
        assert list(Threshold.objects.values_list("code", flat=True)) == ["score_flat"]
        assert current_thresholds().days("no_activity", "pilot", "days") == 21

    def test_everything_running_becomes_due_and_nothing_that_has_ended(
        self, ada: User, lena: User, at: datetime
    ) -> None:
        running, ended = create(lena), create(lena, name="Ended")
        type(ended).objects.filter(pk=ended.pk).update(stage="stopped")
        Standing.objects.update(due_on=None)
        set_thresholds("no_activity", {("", "days"): Decimal(30)}, Actor.person(ada), at)
        rows = dict(Standing.objects.values_list("initiative_id", "due_on"))
        assert rows == {running.pk: at.date(), ended.pk: None}

    @pytest.mark.parametrize(
        ("place", "value", "code"),
        [
            (("", "days"), "-1", "out_of_range"),
            (("", "days"), "3651", "out_of_range"),
            (("", "days"), "1e30", "out_of_range"),
            (("", "days"), "NaN", "out_of_range"),
            (("", "days"), "Infinity", "out_of_range"),
            (("", "days"), "1.5", "not_whole"),
            (("", "weeks"), "3", "unknown_threshold"),
            (("intake", "days"), "3", "unknown_threshold"),
            (("moon", "days"), "3", "unknown_threshold"),
        ],
    )
    def test_a_value_that_makes_no_sense_is_refused_with_all_others(
        self, ada: User, at: datetime, place: tuple[str, str], value: str, code: str
    ) -> None:
        wanted = {("poc", "days"): Decimal(9), place: Decimal(value)}
        with pytest.raises(Invalid) as refused:
            set_thresholds("no_activity", wanted, Actor.person(ada), at)
        assert [error.code for error in refused.value.errors] == [code]
        assert not Threshold.objects.exists()

    def test_a_share_has_two_decimals_at_most(self, ada: User, at: datetime) -> None:
        key = ("", "critical_from_share_of_plan")
        set_thresholds("stage_overrun", {key: Decimal("2.25")}, Actor.person(ada), at)
        with pytest.raises(Invalid) as refused:
            set_thresholds("stage_overrun", {key: Decimal("2.255")}, Actor.person(ada), at)
        assert refused.value.errors[0].code == "too_precise"

    @pytest.mark.parametrize("code", ["no_such_rule", "", "x" * 10_000])
    def test_a_rule_that_is_not_there_has_none(self, ada: User, at: datetime, code: str) -> None:
        with pytest.raises(NotFound):
            set_thresholds(code, {("", "days"): Decimal(1)}, Actor.person(ada), at)

    def test_only_an_admin_may(self, ravi: User, at: datetime) -> None:
        with pytest.raises(NotAllowed):
            set_thresholds("no_activity", {("", "days"): Decimal(30)}, Actor.person(ravi), at)
        with pytest.raises(NotAllowed):
            reset_thresholds("no_activity", Actor.person(ravi), at)


def test_a_day_begins_where_the_organisation_is() -> None:
    organisation = Organisation(time_zone="Asia/Tokyo")
    assert organisation.day_of(LATE) - Organisation(time_zone="UTC").day_of(LATE) == timedelta(days=1)
