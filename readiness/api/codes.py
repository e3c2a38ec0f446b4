"""Every machine word that a refusal can carry: its HTTP status, its title, and what to do about it.

The OpenAPI document, ``/api/v1/problems/`` and ``docs/api.md`` all list this one table.
"""

from dataclasses import dataclass
from enum import StrEnum

PROBLEM_JSON = "application/problem+json"
PROBLEMS_PATH = "/api/v1/problems/"


class Code(StrEnum):
    NOT_JSON = "not_json"
    MALFORMED = "malformed"
    NOT_AUTHENTICATED = "not_authenticated"
    BAD_TOKEN = "bad_token"  # noqa: S105
    NOT_ALLOWED = "not_allowed"
    MISSING_SCOPE = "missing_scope"
    CSRF_FAILED = "csrf_failed"
    TWO_FACTOR_DUE = "two_factor_due"
    SEPARATION_OF_DUTIES = "separation_of_duties"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    NOT_ACCEPTABLE = "not_acceptable"
    CONFLICT = "conflict"
    STAGE_GUARDED = "stage_guarded"
    PARALLEL_LIMIT = "parallel_limit"
    INITIATIVE_ENDED = "initiative_ended"
    ON_HOLD = "on_hold"
    ALREADY_ON_HOLD = "already_on_hold"
    NOT_ON_HOLD = "not_on_hold"
    PHASE_HAS_BEGUN = "phase_has_begun"
    PHASE_NOT_IN_THIS_STAGE = "phase_not_in_this_stage"
    PHASE_OUT_OF_ORDER = "phase_out_of_order"
    PHASE_NOT_THE_LAST = "phase_not_the_last"
    GATE_LOCKED = "gate_locked"
    GATE_STOPPED = "gate_stopped"
    ALREADY_SUBMITTED = "already_submitted"
    CRITERIA_NOT_MET = "criteria_not_met"
    NOTHING_SUBMITTED = "nothing_submitted"
    ANOTHER_SUBMISSION = "another_submission"
    NOT_A_GATE = "not_a_gate"
    EVIDENCE_WITHDRAWN = "evidence_withdrawn"
    EVIDENCE_HAS_ANOTHER_EXPIRY = "evidence_has_another_expiry"
    EVIDENCE_RAN_OUT = "evidence_ran_out"
    CONDITION_NOT_OPEN = "condition_not_open"
    CONDITION_NOT_KEPT = "condition_not_kept"
    NONE_CONFIRMED = "none_confirmed"
    CONDITION_OPEN = "condition_open"
    CONDITION_SUPERSEDED = "condition_superseded"
    ALREADY_ATTACHED = "already_attached"
    CODES_COLLIDE = "codes_collide"
    BEGUN_WITH = "begun_with"
    IN_USE = "in_use"
    NOT_BESIDE_THE_START = "not_beside_the_start"
    REVIEW_WAITS = "review_waits"
    FRAMEWORK_STANDS = "framework_stands"
    GUARD_LOST = "guard_lost"
    PROMISE_LOCKED = "promise_locked"
    KPI_IN_USE = "kpi_in_use"
    EXIT_UNDECIDED = "exit_undecided"
    EXIT_NOT_TRIGGERED = "exit_not_triggered"
    FLAG_RESOLVED = "flag_resolved"
    HANDOVER_OPEN = "handover_open"
    HANDOVER_CLOSED = "handover_closed"
    ALREADY_ASSIGNED = "already_assigned"
    ASSIGNMENT_ENDED = "assignment_ended"
    NOTHING_TO_HAND_OVER = "nothing_to_hand_over"
    NOT_LIVE = "not_live"
    WEBHOOK_OFF = "webhook_off"
    DELIVERY_NOT_PARKED = "delivery_not_parked"
    TOO_MANY_WEBHOOKS = "too_many_webhooks"
    NOT_DEPLOYABLE = "not_deployable"
    STALE = "stale"
    TOO_LARGE = "too_large"
    UNSUPPORTED_MEDIA_TYPE = "unsupported_media_type"
    INVALID = "invalid"
    ITEM_CRITICAL = "item_critical"
    CONDITIONS_REQUIRED = "conditions_required"
    CONDITIONS_NOT_ALLOWED = "conditions_not_allowed"
    IDEMPOTENCY_KEY_REUSED = "idempotency_key_reused"
    TOO_MANY_REQUESTS = "too_many_requests"
    SERVER_ERROR = "server_error"
    BUSY = "busy"
    NOT_SCANNED = "not_scanned"
    NO_ROOM = "no_room"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: ``title`` is short and always the same, ``meaning`` says when it comes and what to do."""

    status: int
    title: str
    meaning: str


KINDS: dict[Code, Kind] = {
    Code.NOT_JSON: Kind(
        400,
        "Not JSON",
        "The body is not one JSON object in UTF-8: broken syntax, a key named twice, NaN, or nested too deeply.",
    ),
    Code.MALFORMED: Kind(
        400,
        "Malformed request",
        "A wrong type, a missing field, a word outside its list, an unknown field or filter: see `errors`.",
    ),
    Code.NOT_AUTHENTICATED: Kind(
        401, "Not signed in", "Send `Authorization: Bearer <token>`, or use the browser's session."
    ),
    Code.BAD_TOKEN: Kind(
        401, "Unknown token", "The token is unknown, revoked or expired, or its owner may no longer sign in."
    ),
    Code.NOT_ALLOWED: Kind(
        403, "Not allowed", "You can see it, but your roles and teams do not permit this act."
    ),
    Code.MISSING_SCOPE: Kind(403, "Scope missing", "The token lacks the scope named in `detail`."),
    Code.CSRF_FAILED: Kind(
        403,
        "CSRF check failed",
        "A write with the browser's session needs the CSRF token; a bearer token does not.",
    ),
    Code.TWO_FACTOR_DUE: Kind(
        403,
        "Second factor due",
        "The organisation asks this person for an authenticator app, which is set up in the browser; a token goes on.",
    ),
    Code.SEPARATION_OF_DUTIES: Kind(
        403,
        "Separation of duties",
        "Nobody decides what they submitted, wrote in, or are or were on the team of: ask another reviewer.",
    ),
    Code.NOT_FOUND: Kind(404, "Not found", "It is not there, or not to be known to you."),
    Code.METHOD_NOT_ALLOWED: Kind(
        405, "Method not allowed", "The header `Allow` names the methods that are."
    ),
    Code.NOT_ACCEPTABLE: Kind(
        406,
        "Not acceptable",
        "Ask for a media type of the OpenAPI document, such as `application/json`.",
    ),
    Code.CONFLICT: Kind(
        409, "Conflict", "What is to be written contradicts what stands there: read it again, then decide."
    ),
    Code.STAGE_GUARDED: Kind(
        409, "The stage is guarded", "`blockers` names everything that stands in the way of this move."
    ),
    Code.PARALLEL_LIMIT: Kind(
        409,
        "The parallel limit is reached",
        "The unit has as many in this stage as its limit allows: see `limit`. With `over_limit_reason` it enters all "
        "the same, and the reason is kept.",
    ),
    Code.INITIATIVE_ENDED: Kind(
        409, "The initiative has ended", "It is retired or stopped: nothing is written any more."
    ),
    Code.ON_HOLD: Kind(409, "On hold", "Lift the hold first."),
    Code.ALREADY_ON_HOLD: Kind(409, "On hold already", "Lift the hold before you set another."),
    Code.NOT_ON_HOLD: Kind(409, "Not on hold", "There is no hold to lift."),
    Code.PHASE_HAS_BEGUN: Kind(409, "The phase has begun", "A phase of the roadmap begins once."),
    Code.PHASE_NOT_IN_THIS_STAGE: Kind(
        409,
        "Not in this stage",
        "Decision and preparation begin in the pilot or the rollout, the others in the rollout: move the stage first.",
    ),
    Code.PHASE_OUT_OF_ORDER: Kind(
        409, "An earlier phase has not begun", "Phases begin in order: begin the one before it first."
    ),
    Code.PHASE_NOT_THE_LAST: Kind(
        409, "Not the last phase that began", "Only the last one that began can be taken back."
    ),
    Code.GATE_LOCKED: Kind(409, "The gate is locked", "An earlier gate of the framework is not passed."),
    Code.GATE_STOPPED: Kind(409, "The gate was stopped", "It was decided with a stop."),
    Code.ALREADY_SUBMITTED: Kind(409, "Submitted already", "A submission waits for its decision."),
    Code.CRITERIA_NOT_MET: Kind(
        409, "The criteria do not hold", "`blockers` names every clause that fails, and where to mend it."
    ),
    Code.NOTHING_SUBMITTED: Kind(409, "Nothing submitted", "There is no submission to decide."),
    Code.ANOTHER_SUBMISSION: Kind(
        409,
        "Another submission waits",
        "The `submission` that was named is no longer the one that waits: read the gate again, then decide.",
    ),
    Code.NOT_A_GATE: Kind(409, "Not a gate", "A profile is drawn, not decided."),
    Code.EVIDENCE_WITHDRAWN: Kind(
        409, "The evidence was withdrawn", "A piece that was withdrawn is not put behind another item."
    ),
    Code.EVIDENCE_HAS_ANOTHER_EXPIRY: Kind(
        409,
        "The evidence has another expiry",
        "The same piece lies behind that item with another expiry: withdraw it there first.",
    ),
    Code.EVIDENCE_RAN_OUT: Kind(
        409,
        "The evidence has run out",
        "It would not allow Met at this item today: add it anew with its new day.",
    ),
    Code.CONDITION_NOT_OPEN: Kind(
        409, "The condition is not open", "It was marked kept or confirmed already."
    ),
    Code.CONDITION_NOT_KEPT: Kind(
        409, "The condition is not kept", "Only what was marked kept can be confirmed."
    ),
    Code.NONE_CONFIRMED: Kind(
        409, "None was confirmed", "Of several conditions none could be confirmed: see `results`."
    ),
    Code.CONDITION_OPEN: Kind(
        409, "The condition is open", "Only a kept or confirmed condition is reopened."
    ),
    Code.CONDITION_SUPERSEDED: Kind(
        409, "The condition was superseded", "A later decision has taken the place of the one it belongs to."
    ),
    Code.ALREADY_ATTACHED: Kind(409, "Attached already", "The initiative has this framework."),
    Code.CODES_COLLIDE: Kind(
        409,
        "Codes collide",
        "Item codes and gate slugs are unique within one initiative; `detail` names the ones taken.",
    ),
    Code.BEGUN_WITH: Kind(
        409,
        "Begun with it",
        "The initiative began with this framework: only what was attached is taken away.",
    ),
    Code.IN_USE: Kind(
        409, "In use", "Something was answered, gathered, asked or submitted in this framework, so it stays."
    ),
    Code.NOT_BESIDE_THE_START: Kind(
        409,
        "Not beside the rest",
        "New initiatives begin with this framework, and this version cannot stand beside what else they begin with.",
    ),
    Code.REVIEW_WAITS: Kind(
        409,
        "A review waits",
        "A gate of this framework waits for a decision; `detail` names it. Its version is changed afterwards.",
    ),
    Code.FRAMEWORK_STANDS: Kind(
        409,
        "The version stands",
        "A published version of a framework never changes: give the changed text a new version.",
    ),
    Code.GUARD_LOST: Kind(
        409,
        "A guard would be lost",
        "The current version guards a stage move that this one does not: give it that guard, or another slug.",
    ),
    Code.PROMISE_LOCKED: Kind(
        409, "The promise is locked", "What is locked can be amended with a reason, and not be removed."
    ),
    Code.KPI_IN_USE: Kind(
        409, "The KPI is in use", "An exit criterion stands on this KPI: remove that first."
    ),
    Code.EXIT_UNDECIDED: Kind(
        409, "A decision is due", "The exit criterion was reached: decide it before you change or remove it."
    ),
    Code.EXIT_NOT_TRIGGERED: Kind(
        409, "Not reached", "The exit criterion does not wait for a decision, or somebody has taken it."
    ),
    Code.FLAG_RESOLVED: Kind(
        409,
        "The flag is resolved",
        "Only an open flag is acknowledged or snoozed, or has its cause confirmed.",
    ),
    Code.HANDOVER_OPEN: Kind(
        409,
        "The handover is open already",
        "A person hands over once at a time: write in the one that is open.",
    ),
    Code.HANDOVER_CLOSED: Kind(409, "The handover is closed", "What it says stays as it is."),
    Code.ALREADY_ASSIGNED: Kind(
        409, "Assigned already", "An item has one open assignment: change that, or end it first."
    ),
    Code.ASSIGNMENT_ENDED: Kind(409, "The assignment has ended", "Assign the item anew."),
    Code.NOTHING_TO_HAND_OVER: Kind(
        409,
        "Nothing to hand over",
        "Nothing on a running initiative that you may change is in the name of the person.",
    ),
    Code.NOT_LIVE: Kind(409, "Not live", "What worked is told of a live or retired initiative."),
    Code.WEBHOOK_OFF: Kind(409, "The webhook is off", "Nothing is sent to it: set `active` to true first."),
    Code.DELIVERY_NOT_PARKED: Kind(
        409,
        "The delivery is not parked",
        "It waits for its next try, or was taken: only what is parked is replayed.",
    ),
    Code.TOO_MANY_WEBHOOKS: Kind(
        409, "Too many webhooks", "There are as many as there may be: remove one first."
    ),
    Code.NOT_DEPLOYABLE: Kind(
        409, "Not to be deployed", "The deploy check, asked with `?fail=true`, refuses; `blockers` says why."
    ),
    Code.STALE: Kind(
        412,
        "Changed meanwhile",
        "`If-Match` names a version that no longer stands; `current` holds the one that does.",
    ),
    Code.TOO_LARGE: Kind(
        413,
        "Too large",
        "A body of JSON has at most 2 MB, a file of evidence at most 25 MB unless the server is set otherwise.",
    ),
    Code.UNSUPPORTED_MEDIA_TYPE: Kind(
        415,
        "Unsupported media type",
        "Send `application/json`; for a file, `multipart/form-data`; for a framework, `application/yaml`.",
    ),
    Code.INVALID: Kind(422, "Against a rule", "Well-formed, but a rule forbids it: see `errors`."),
    Code.ITEM_CRITICAL: Kind(422, "The item is critical", "A critical item cannot be waived."),
    Code.CONDITIONS_REQUIRED: Kind(422, "Conditions required", "A pass with conditions names at least one."),
    Code.CONDITIONS_NOT_ALLOWED: Kind(
        422, "Conditions not allowed", "Conditions belong to `pass_with_conditions` only."
    ),
    Code.IDEMPOTENCY_KEY_REUSED: Kind(
        422,
        "Key of another request",
        "This `Idempotency-Key` was sent with another request within 24 hours: take a new key for a new one.",
    ),
    Code.TOO_MANY_REQUESTS: Kind(429, "Too many requests", "Wait as many seconds as `Retry-After` says."),
    Code.SERVER_ERROR: Kind(
        500, "Server error", "A defect on our side; nothing was written. It has been logged."
    ),
    Code.BUSY: Kind(
        503, "Busy", "The database is busy or away; nothing was written. Try again after `Retry-After`."
    ),
    Code.NOT_SCANNED: Kind(
        503,
        "Not scanned",
        "The server asks a virus scanner about every file, and it gave no verdict; the file was not kept. Try again "
        "after `Retry-After`.",
    ),
    Code.NO_ROOM: Kind(
        507,
        "No room",
        "The disk of the server is full; nothing was written. The same request is taken once there is room again.",
    ),
}

PROMOTED = frozenset({Code.ITEM_CRITICAL, Code.CONDITIONS_REQUIRED, Code.CONDITIONS_NOT_ALLOWED})
"""Rules that clients tell apart: where one of these is the only error, it is the code of the whole problem."""


def plain_document(code: Code, detail: str = "") -> dict[str, str | int]:
    """The members that every problem document has; ``detail`` is what the code means, if nothing better is known."""
    kind = KINDS[code]
    return {
        "type": f"{PROBLEMS_PATH}{code.value}/",
        "title": kind.title,
        "status": kind.status,
        "detail": detail or kind.meaning,
        "code": code.value,
    }


def known(word: str) -> Code | None:
    """The code spelled so, if there is one."""
    return _BY_WORD.get(word)


_BY_WORD = {code.value: code for code in Code}
