"""Every machine word that can be said of one field of a request, and what it means."""

from enum import StrEnum


class FieldCode(StrEnum):
    REQUIRED = "required"
    WRONG_TYPE = "wrong_type"
    UNKNOWN_WORD = "unknown_word"
    UNKNOWN_FIELD = "unknown_field"
    UNKNOWN_FILTER = "unknown_filter"
    READ_ONLY = "read_only"
    NAMED_TWICE = "named_twice"
    NULL_CHARACTERS = "null_characters"
    SURROGATE_CHARACTERS = "surrogate_characters"
    MALFORMED = "malformed"
    BAD_CURSOR = "bad_cursor"
    OUT_OF_RANGE = "out_of_range"
    TOO_LONG = "too_long"
    TOO_MANY = "too_many"
    TOO_PRECISE = "too_precise"
    IN_THE_FUTURE = "in_the_future"
    IN_THE_PAST = "in_the_past"
    BEFORE_EFFECTIVE_DATE = "before_effective_date"
    BEFORE_START = "before_start"
    BEFORE_EARLIER_PHASE = "before_earlier_phase"
    OWN_CURRENCY = "own_currency"
    SHARES_OVER_100 = "shares_over_100"
    SUM_OF_MONTHS = "sum_of_months"
    BEFORE_THE_START = "before_the_start"
    ALWAYS_NEEDED = "always_needed"
    NOT_NEEDED = "not_needed"
    NOT_A_WEB_ADDRESS = "not_a_web_address"
    ADDRESS_NOT_ALLOWED = "address_not_allowed"
    CONTROL_CHARACTERS = "control_characters"
    NAME_TAKEN = "name_taken"
    WRONG_SIDE = "wrong_side"
    DAY_HAS_READING = "day_has_reading"
    UNKNOWN_PERSON = "unknown_person"
    INACTIVE_PERSON = "inactive_person"
    SAME_PERSON = "same_person"
    UNKNOWN_ITEM = "unknown_item"
    UNKNOWN_EVIDENCE = "unknown_evidence"
    UNKNOWN_GATE = "unknown_gate"
    ANOTHER_GATE = "another_gate"
    UNKNOWN_MENTION = "unknown_mention"
    TOO_MANY_MENTIONS = "too_many_mentions"
    NOT_ON_THE_TEAM = "not_on_the_team"
    UNKNOWN_KPI = "unknown_kpi"
    NOT_MEASURED_HERE = "not_measured_here"
    ANOTHER_EXPIRY = "another_expiry"
    NOT_BOTH = "not_both"
    NO_LIMIT_REACHED = "no_limit_reached"
    DECIDED_BY_ANOTHER = "decided_by_another"
    MAY_NOT_DECIDE = "may_not_decide"
    UNKNOWN_FRAMEWORK = "unknown_framework"
    UNKNOWN_VERSION = "unknown_version"
    NO_READINESS_FRAMEWORK = "no_readiness_framework"
    TWO_READINESS_FRAMEWORKS = "two_readiness_frameworks"
    SAME_CODES = "same_codes"
    MISTAKE = "mistake"
    UNKNOWN_ROOT_CAUSE = "unknown_root_cause"
    UNKNOWN_FACT = "unknown_fact"
    ITEM_CRITICAL = "item_critical"
    CONDITIONS_REQUIRED = "conditions_required"
    CONDITIONS_NOT_ALLOWED = "conditions_not_allowed"
    NOT_WITH_THIS_DECISION = "not_with_this_decision"
    EMPTY_FILE = "empty_file"
    FILE_TOO_LARGE = "file_too_large"
    FILE_NOT_ALLOWED = "file_not_allowed"
    FILE_INFECTED = "file_infected"


FIELD_CODES: dict[FieldCode, str] = {
    FieldCode.REQUIRED: "It is missing, null or empty.",
    FieldCode.WRONG_TYPE: "It has another type or form.",
    FieldCode.UNKNOWN_WORD: "It is none of the words listed in `message`.",
    FieldCode.UNKNOWN_FIELD: "There is no such field.",
    FieldCode.UNKNOWN_FILTER: "There is no such filter.",
    FieldCode.READ_ONLY: "It can be read and not be set here.",
    FieldCode.NAMED_TWICE: "It is named twice.",
    FieldCode.NULL_CHARACTERS: "It holds a null character.",
    FieldCode.SURROGATE_CHARACTERS: "It holds half of a surrogate pair.",
    FieldCode.MALFORMED: "It cannot be read.",
    FieldCode.BAD_CURSOR: "It is no cursor of this list.",
    FieldCode.OUT_OF_RANGE: "It is below or above what is possible.",
    FieldCode.TOO_LONG: "It has more characters than allowed.",
    FieldCode.TOO_MANY: "It has more entries than allowed.",
    FieldCode.TOO_PRECISE: "It has more decimals than allowed.",
    FieldCode.IN_THE_FUTURE: "It is a day to come.",
    FieldCode.IN_THE_PAST: "It is a day gone by.",
    FieldCode.BEFORE_EFFECTIVE_DATE: "It expires before the day it speaks of.",
    FieldCode.BEFORE_START: "It ends before it starts.",
    FieldCode.BEFORE_EARLIER_PHASE: "It lies before the phase that comes first.",
    FieldCode.OWN_CURRENCY: "It is what the organisation counts in, and needs no rate.",
    FieldCode.SHARES_OVER_100: "The shares add up to more than 100 percent.",
    FieldCode.SUM_OF_MONTHS: "It is the sum of the months entered under `spending/`.",
    FieldCode.BEFORE_THE_START: "It lies before the day on which the initiative entered its stage.",
    FieldCode.ALWAYS_NEEDED: "Only a works council may not exist.",
    FieldCode.NOT_NEEDED: "Who is not there cannot have been involved.",
    FieldCode.NOT_A_WEB_ADDRESS: "It is no http or https address.",
    FieldCode.ADDRESS_NOT_ALLOWED: "It is no public https address, and the operator does not list its host.",
    FieldCode.CONTROL_CHARACTERS: "It is one line, and holds a control character.",
    FieldCode.NAME_TAKEN: "Another one has this name.",
    FieldCode.WRONG_SIDE: "It lies on the wrong side of another limit.",
    FieldCode.DAY_HAS_READING: "The day has a reading with another value.",
    FieldCode.UNKNOWN_PERSON: "Nobody has this username.",
    FieldCode.INACTIVE_PERSON: "The person is no longer active.",
    FieldCode.SAME_PERSON: "It names the person who leaves.",
    FieldCode.UNKNOWN_ITEM: "The initiative has no item with this code.",
    FieldCode.UNKNOWN_EVIDENCE: "The initiative has no piece with this key that people gave.",
    FieldCode.UNKNOWN_GATE: "The initiative has no gate with this slug.",
    FieldCode.ANOTHER_GATE: "The item that is named belongs to another gate.",
    FieldCode.UNKNOWN_MENTION: "It mentions a name of nobody who may see the initiative.",
    FieldCode.TOO_MANY_MENTIONS: "It mentions more people than one comment may.",
    FieldCode.NOT_ON_THE_TEAM: "Nobody on the team who may answer has this username.",
    FieldCode.UNKNOWN_KPI: "The initiative has no KPI with this key.",
    FieldCode.NOT_MEASURED_HERE: "The checklist of this item counts what is declared, and no automated check.",
    FieldCode.ANOTHER_EXPIRY: "The same piece of evidence stands with another expiry. Withdraw it first.",
    FieldCode.NOT_BOTH: "It excludes another field that is given.",
    FieldCode.NO_LIMIT_REACHED: "No exit criterion that was agreed and locked before stands triggered.",
    FieldCode.DECIDED_BY_ANOTHER: "Only who the exit criterion names, or an executive, decides that.",
    FieldCode.MAY_NOT_DECIDE: "The person may not see the initiative, or only reads.",
    FieldCode.UNKNOWN_FRAMEWORK: "There is no framework with this slug.",
    FieldCode.UNKNOWN_VERSION: "There is no published version of that number that is later than the initiative's.",
    FieldCode.NO_READINESS_FRAMEWORK: "None of them guards the step from pilot to rollout as a whole.",
    FieldCode.TWO_READINESS_FRAMEWORKS: "More than one of them guards the step from pilot to rollout as a whole.",
    FieldCode.SAME_CODES: "Two of them have a code of an item or a slug of a gate in common.",
    FieldCode.MISTAKE: "This line of the document holds a mistake; `message` says which.",
    FieldCode.UNKNOWN_ROOT_CAUSE: "There is no root cause with this slug.",
    FieldCode.UNKNOWN_FACT: "The product knows no fact of this name.",
    FieldCode.ITEM_CRITICAL: "A critical item cannot be waived.",
    FieldCode.CONDITIONS_REQUIRED: "A pass with conditions needs at least one.",
    FieldCode.CONDITIONS_NOT_ALLOWED: "Conditions go with `pass_with_conditions` only.",
    FieldCode.NOT_WITH_THIS_DECISION: "It does not go with this decision.",
    FieldCode.EMPTY_FILE: "The file is empty.",
    FieldCode.FILE_TOO_LARGE: "The file is larger than allowed.",
    FieldCode.FILE_NOT_ALLOWED: "The file is of no allowed type, or not what its name says.",
    FieldCode.FILE_INFECTED: "The server's virus scanner found something in it; `message` says what.",
}
