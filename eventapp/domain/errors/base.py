"""What is a refusal? Something with a stable code and facts, never a sentence."""

from typing import Any


class DomainError(Exception):
    """A refusal that is part of normal use. `code` is stable, `facts` fill the Dutch sentence in wording.py."""

    code = "refused"

    def __init__(self, **facts: Any) -> None:
        super().__init__(self.code)
        self.facts = facts
