"""What a text from outside may not hold."""

from readiness.actions.errors import FieldError


def text_errors(field: str, text: str) -> list[FieldError]:
    """What no database takes as text: null characters and halves of surrogate pairs."""
    if "\x00" in text:
        return [FieldError(field, "null_characters", "Null characters are not allowed.")]
    if any("\ud800" <= character <= "\udfff" for character in text):
        return [FieldError(field, "surrogate_characters", "Half of a surrogate pair is no character.")]
    return []
