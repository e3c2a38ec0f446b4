"""Texts in the cells of a table that a spreadsheet may open."""

TRIGGERS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a spreadsheet takes a cell of a CSV for a formula (OWASP, CSV injection)."""


def no_formula(text: str) -> str:
    """The text, with an apostrophe before it where a spreadsheet would take it for a formula."""
    return f"'{text}" if text.lstrip(" ").startswith(TRIGGERS) else text
