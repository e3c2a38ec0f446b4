"""Texts in the cells of a table that a spreadsheet may open."""

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a spreadsheet takes a cell of a CSV for a formula (OWASP, CSV injection)."""

UNSEEN = " \u200b\ufeff"
"""What a spreadsheet may leave out of account before such a character: spaces, some of no width."""


def no_formula(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(UNSEEN).startswith(TRIGGERS) else text
