"""What is a download called, so that people find it again among their files?"""

import re
import unicodedata
from datetime import date

_LONGEST = 80


def file_name(kind: str, name: str, extension: str, *, on: date | None = None) -> str:
    """For example "presentielijst-kenniskring-hr-2027-03-18.pdf"; `name` is a slug or a title, `on` the local day.

    Only a-z, 0-9 and hyphens remain, so that the name needs no quoting in a header and no file system refuses it.
    """
    parts = (_plain(kind), _plain(name)[:_LONGEST].strip("-"), on.isoformat() if on else "")
    return "-".join(filter(None, parts)) + f".{extension}"


def _plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold().replace("ł", "l").replace("ø", "o").replace("ı", "i"))
    return re.sub(r"[^a-z0-9]+", "-", re.sub(r"[\u0300-\u036f'’]", "", letters)).strip("-")
