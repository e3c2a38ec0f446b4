"""Reasons that the product gives itself where nobody typed one: stored in English, said in the reader's language."""

from checklists.said import joined, said

TAKEN_OVER = said("Taken over at this stage")
SINCE_UNKNOWN = said("The imported file does not say since when.")
TAKEN_OVER_SINCE_UNKNOWN = joined([TAKEN_OVER, SINCE_UNKNOWN], ". ")
LEFT_UNKNOWN = said("The imported file does not say until when; it had ended by the day the file speaks of.")
STOPPED_AS_AGREED = said("Stopped, as it was agreed.")
DECIDED_WITH_THE_END = said("Decided with the end of the initiative.")
HANDED_OVER = said("Handed over: another person decides it now.")

_OURS = {
    str(one): one
    for one in (
        TAKEN_OVER,
        SINCE_UNKNOWN,
        TAKEN_OVER_SINCE_UNKNOWN,
        LEFT_UNKNOWN,
        STOPPED_AS_AGREED,
        DECIDED_WITH_THE_END,
        HANDED_OVER,
    )
}


def reason_given(stored: str) -> str:
    """A stored reason as it can be said: one of ours with what it is made of, a person's as it was typed."""
    return _OURS.get(stored, stored)
