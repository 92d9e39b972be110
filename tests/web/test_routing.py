"""What builds an address is compiled when somebody asks for one, and builds what werkzeug's own would."""

from werkzeug.routing import Map, Rule

from eventapp.web.routing import LateRule

NAMES = {"slug": "themadag 2027", "self": "wij", "rule": "regel", "values": ["één", "twee"]}


def test_address_is_that_of_an_ordinary_rule() -> None:
    kinds = (Rule, LateRule)

    built = [
        [
            adapter.build("event", NAMES),
            adapter.build("event", NAMES, append_unknown=False),
            adapter.build("event", NAMES),
        ]
        for adapter in (Map([kind("/agenda/<slug>", endpoint="event")]).bind("huis.example") for kind in kinds)
    ]

    assert built[0][0] == "/agenda/themadag%202027?self=wij&rule=regel&values=%C3%A9%C3%A9n&values=twee"
    assert built[1] == built[0]


def test_nothing_is_compiled_before() -> None:
    rules = [LateRule(f"/agenda/{number}", endpoint=str(number)) for number in range(2)]
    addresses = Map(rules).bind("huis.example")
    before = rules[0]._build_unknown.__func__  # type: ignore[attr-defined]

    addresses.build("1")

    after = [rule._build_unknown.__func__ for rule in rules]  # type: ignore[attr-defined]
    assert (after[0] is before, after[1] is before) == (True, False)
