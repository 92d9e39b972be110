"""How does the map of all addresses stay cheap to make? What builds an address waits until somebody asks for one."""

from collections.abc import Callable

from werkzeug.routing import Rule

Builder = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A rule like any other. Werkzeug compiles two functions for each, of which a process hardly needs a tenth."""

    def _compile_builder(self, append_unknown: bool = True) -> Builder:
        return _build_unknown if append_unknown else _build


def _build(rule: LateRule, /, **values: object) -> tuple[str, str]:
    rule._build = Rule._compile_builder(rule, append_unknown=False).__get__(rule)
    return rule._build(**values)


def _build_unknown(rule: LateRule, /, **values: object) -> tuple[str, str]:
    rule._build_unknown = Rule._compile_builder(rule, append_unknown=True).__get__(rule)
    return rule._build_unknown(**values)
