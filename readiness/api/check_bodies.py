"""What the bodies and queries about automated checks may hold."""

from typing import Any, ClassVar

from checklists.models import CHECK_NAME_MAX, CHECK_SUMMARY_MAX, CheckOutcome
from readiness.actions.pieces import URL_MAX
from readiness.api.bodies import CODE_MAX
from readiness.api.fields import Moment, Shape, Text, Word
from readiness.api.queries import PageQuery


class CheckReport(Shape):
    """What an automated check found at an item, when, and through which day it holds."""

    example: ClassVar[dict[str, Any]] = {
        "item": "DATA-1",
        "check": "great-expectations",
        "result": "pass",
        "summary": "41 of 41 expectations met",
        "url": "https://ci.example.com/builds/4711",
        "observed_at": "2026-01-31T06:00:00Z",
        "expires_at": "2026-02-02T06:00:00Z",
    }
    item = Text(CODE_MAX, hold=True)
    check = Text(CHECK_NAME_MAX, help_text="The name of the check, as the item is bound to it.")
    result = Word(CheckOutcome.values)
    summary = Text(CHECK_SUMMARY_MAX, required=False)
    url = Text(URL_MAX, required=False, help_text="Where the run is looked at.")
    observed_at = Moment(help_text="When the check looked, not when it was sent.")
    expires_at = Moment(
        required=False,
        allow_null=True,
        help_text="After this day Met counts as Partial; without it the result stands until the next.",
    )


class CheckBinding(Shape):
    """Which check measures the item from now on."""

    example: ClassVar[dict[str, Any]] = {"check": "great-expectations"}
    check = Text(CHECK_NAME_MAX, help_text="The name that the pipeline sends.")
    reason = Text(
        CHECK_SUMMARY_MAX, required=False, help_text="Needed where it takes a measured answer away."
    )


class CheckUnbinding(Shape):
    """Why no check measures the item any more."""

    example: ClassVar[dict[str, Any]] = {
        "reason": "The data moved to another platform with a check of its own."
    }
    reason = Text(
        CHECK_SUMMARY_MAX, required=False, help_text="Needed where it takes a measured answer away."
    )


class CheckFilters(PageQuery):
    item = Text(CODE_MAX, hold=True, required=False, help_text="Such as DATA-1.")
    check = Text(CHECK_NAME_MAX, hold=True, required=False, help_text="The name of one check.")
