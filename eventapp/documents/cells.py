"""Cells of a file that a spreadsheet program opens: what somebody typed never acts as a formula or a link."""

# Options for xlsxwriter.
SAFE = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "remove_timezone": True,
}
_FORMULA_STARTS = ("=", "+", "-", "@")
# What some programs skip before the sign.
_SKIPPED = " \t\r\n\xa0\u200b\ufeff"


def harmless(text: str) -> str:
    """The text for a cell of a CSV file: formula signs behind an apostrophe."""
    return f"'{text}" if text.lstrip(_SKIPPED).startswith(_FORMULA_STARTS) else text
