"""Where a person stands in the database: every table is named here, as one that tells of people or with the reason why
it does not. A test fails over a table that nobody has thought of.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Part:
    """What a table holds of a person.

    ``theirs`` are the columns that make a row theirs: it is told with all its words, but for the columns in
    ``without`` (secrets, digests, copies to search by). ``touched`` only name them in somebody else's row: that they
    stand there is told, and no words. ``initiative`` is the path to the key of the initiative a row is about, "" for
    none. ``more`` are further paths worth telling, by the name they are given.
    """

    theirs: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()
    initiative: str = "initiative_id"
    without: tuple[str, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)


BY_ASSESSMENT, BY_PASSAGE = "assessment__passage__initiative_id", "passage__initiative_id"
ITEM = {"gate": "item__gate__slug", "item": "item__code"}
GATE = {"gate": "gate__slug"}
EVENT = {"event": "event__seq", "verb": "event__verb"}

PARTS: Mapping[str, Part] = {
    "checklists.Answer": Part(("answered_by",), initiative=BY_ASSESSMENT, more=ITEM),
    "checklists.Writing": Part(("by",), initiative=BY_ASSESSMENT, more=GATE),
    "checklists.Evidence": Part(
        ("added_by",), ("withdrawn_by",), BY_ASSESSMENT, without=("fingerprint", "file_key"), more=ITEM
    ),
    "checklists.CheckResult": Part(("by",), initiative=BY_ASSESSMENT, more=ITEM),
    "checklists.FrameworkDraft": Part(touched=("created_by", "changed_by"), initiative=""),
    "gates.Initiative": Part(touched=("created_by",), initiative="id"),
    "gates.TeamRole": Part(("user",)),
    "gates.StageEntry": Part(("by",)),
    "gates.Hold": Part(("by",), ("lifted_by",)),
    "gates.Roadmap": Part(touched=("updated_by",)),
    "gates.Handover": Part(("leaver", "successor"), ("opened_by", "closed_by")),
    "gates.HandoverPoint": Part(("done_by",), initiative="handover__initiative_id"),
    "gates.WhatWorked": Part(("by",), without=("search_key",)),
    "gates.Kpi": Part(("owner", "created_by")),
    "gates.Reading": Part(("by", "withdrawn_by"), initiative="kpi__initiative_id", more={"kpi": "kpi__name"}),
    "gates.ExitCriterion": Part(("decider", "created_by")),
    "gates.ExitTrigger": Part(("by",), initiative="criterion__initiative_id"),
    "gates.Amendment": Part(("by",), ("acknowledged_by",)),
    "gates.Submission": Part(("by",), initiative=BY_PASSAGE, more=GATE),
    "gates.Decision": Part(("by",), ("submitted_by",), BY_PASSAGE, more=GATE),
    "gates.Condition": Part(
        ("owner", "kept_by", "confirmed_by"), initiative="decision__passage__initiative_id"
    ),
    "gates.Waiver": Part(("approver",), initiative=BY_PASSAGE, more=ITEM),
    "gates.Lapse": Part(("by",), initiative="decision__passage__initiative_id"),
    "gates.MaterialChange": Part(("by",)),
    "gates.Lesson": Part(("by",), without=("search_key",)),
    "gates.Comment": Part(("by",)),
    "gates.Mention": Part(touched=("person",), initiative="comment__initiative_id"),
    "gates.Assignment": Part(("person", "by"), ("ended_by",), BY_PASSAGE, more=ITEM),
    "accounts.Token": Part(("user",), initiative="", without=("prefix", "digest")),
    "accounts.Authenticator": Part(("user",), initiative="", without=("salt", "key_mark", "last_step")),
    "accounts.RecoveryCode": Part(("user",), initiative="", without=("digest",)),
    "accounts.Rate": Part(("entered_by",), initiative=""),
    "accounts.SavedView": Part(("owner",), initiative="", without=("name_key",)),
    "work.LongWork": Part(("by",), initiative="", without=("lock", "params", "result", "claim")),
    "standing.Flag": Part(("acknowledged_by", "confirmed_by"), without=("said", "details")),
    "webhooks.Endpoint": Part(touched=("created_by",), initiative=""),
    "notices.Preference": Part(("person",), initiative=""),
    "notices.Notice": Part(("recipient",), initiative="event__initiative_id", more=EVENT),
    "notices.AccountMail": Part(("recipient",), initiative="", more=EVENT),
    "api.KeptAnswer": Part(touched=("user",)),
    "reports.Report": Part(("person",), initiative="", without=("file_key",)),
    "reports.Subscription": Part(("person",), initiative=""),
    "reports.MonthlyMail": Part(("person",), initiative=""),
}
"""Tables with a column that names a person."""

GO_WITH_THEM = (
    *("accounts.Token", "accounts.Authenticator", "accounts.RecoveryCode", "accounts.SavedView"),
    *("notices.Preference", "notices.Notice", "notices.AccountMail", "api.KeptAnswer"),
    *("reports.Subscription", "reports.MonthlyMail", "reports.Report"),
)
"""Tables whose rows are removed when their person is erased; the rest stays, under the pseudonym."""

TOLD_APART: Mapping[str, str] = {
    "accounts.User": "the account itself",
    "audit.Event": "what the person did, and what was done to their account",
    "sessions.Session": "when the sessions end that are open; which one is whose stands in its content",
}

LEFT_OUT: Mapping[str, str] = {
    "auth.Permission": "Not used: roles are columns of the account.",
    "auth.Group": "Not used: roles are columns of the account.",
    "contenttypes.ContentType": "Names of tables.",
    "checklists.Framework": "What is asked, of everybody.",
    "checklists.Gate": "What is asked, of everybody.",
    "checklists.Item": "What is asked, of everybody.",
    "checklists.Assessment": "Holds no text; its answers and evidence are told.",
    "gates.Stakeholder": "Contacts of an initiative, written by its team; they need have no account.",
    "gates.RoadmapPhase": "Plans of an initiative.",
    "gates.Spending": "Money of an initiative.",
    "gates.ParallelLimit": "A rule of the organisation.",
    "gates.StartingFramework": "A rule of the organisation.",
    "gates.Passage": "Binds an initiative to what is asked of it.",
    "gates.Snapshot": "What was frozen for a decision: the same answers and evidence, which are told where they stand.",
    "accounts.LoginAttempt": "Failed sign-ins by a digest of the name, gone with their window of minutes.",
    "accounts.Organisation": "The organisation.",
    "audit.Chain": "The head of the chain of events.",
    "standing.Standing": "Computed from what is told.",
    "standing.GateStanding": "Computed from what is told.",
    "standing.HistoryPoint": "Figures of an initiative.",
    "standing.Threshold": "A rule of the organisation.",
    "webhooks.Delivery": "Messages to other systems, made of events and forgotten after 30 days.",
    "notices.ReadUpTo": "How far the trail has been read.",
}
"""Why a table is not told of."""
