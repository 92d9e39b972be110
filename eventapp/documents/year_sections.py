"""How do the numbers of a year become sections with words, charts and tables?"""

from collections.abc import Callable, Mapping, Sequence

from eventapp import wording
from eventapp.documents.charts import Bar, bars, grid, line_to_goal
from eventapp.documents.drawing import Drawing
from eventapp.documents.year_numbers import Goal, Words, YearNumbers, count, of_whole, row_of
from eventapp.documents.year_report import Cell, Form, Headline, Section, Table
from eventapp.domain.account import (
    ALL,
    NONE,
    YEARS_SHOWN,
    Figure,
    Key,
    Totals,
    marks_column,
    part,
)
from eventapp.domain.events import Field, TargetGroup
from eventapp.domain.proportions import mean_tenths, percent


def sections(totals: Totals, *, year: int, goal: Goal) -> tuple[Section, ...]:
    """Every figure, in the order of the report."""
    return tuple(_section(YearNumbers(figure, totals, year, goal)) for figure in Figure)


def _section(numbers: YearNumbers) -> Section:
    figure = numbers.figure
    title, meaning = wording.ACCOUNT_FIGURES[figure]
    headlines, drawing, tables = _MAKERS[figure](numbers)
    columns = tuple(found for (of, _), found in wording.ACCOUNT_COLUMNS.items() if of == figure)
    return Section(figure, title, meaning, headlines, drawing, tables, columns)


_Made = tuple[tuple[Headline, ...], Drawing, tuple[Table, ...]]


def _meetings(numbers: YearNumbers) -> _Made:
    of_any = set(numbers.totals.rows(Figure.MEETINGS))
    groups = [(code.value, wording.TARGET_GROUPS[code]) for code in TargetGroup]
    groups += [(NONE, "Geen doelgroep")] if NONE in of_any else []
    fields = [(code.value, wording.FIELDS[code], wording.SHORT_FIELDS[code]) for code in Field]
    fields += [(NONE, "Geen vakgebied", "Geen")] if numbers.of(ALL, NONE) else []
    rows = [
        row_of(word, (numbers.cell(group, code) for code, *_ in fields), numbers.cell(group, ALL))
        for group, word in groups
    ]
    total = row_of("Totaal", (numbers.cell(ALL, code) for code, *_ in fields), numbers.cell(ALL, ALL))
    empty = sum(not numbers.of(group, field) for group in TargetGroup for field in Field)
    crossed = len(TargetGroup) * len(Field)
    headlines = (
        Headline("bijeenkomsten", numbers.cell(ALL, ALL)),
        Headline(f"van {crossed} vakjes nog leeg", Cell(str(empty), empty)),
    )
    drawing = grid(
        [short for _, _, short in fields],
        [(word, [numbers.of(group, code) for code, *_ in fields]) for group, word in groups],
        alt=f"Bijeenkomsten per doelgroep en vakgebied; {empty} van {crossed} vakjes zijn leeg",
    )
    heads = ("Doelgroep", *(word for _, word, _ in fields), "Totaal")
    return headlines, drawing, (Table("Aantal bijeenkomsten", heads, (*rows, total)),)


def _attendance(numbers: YearNumbers) -> _Made:
    columns = ("meetings", "registered", "attended")
    divided: tuple[tuple[str, str, Words], ...] = (
        ("Soort", "kind", wording.KINDS),
        ("Doelgroep van de bijeenkomst", "group", wording.TARGET_GROUPS),
        ("Vakgebied", "field", wording.FIELDS),
        ("Vorm", "form", wording.FORMS),
    )
    tables = []
    for head, dimension, words in divided:
        rows = [row_of(word, numbers.cells(row, columns)) for row, word in numbers.there(words, dimension)]
        rows.append(row_of("Alle bijeenkomsten", numbers.cells(ALL, columns)))
        tables.append(Table(f"Per {head.lower()}", (head, *map(numbers.word, columns)), tuple(rows)))
    drawn = [
        of_whole(word, numbers.of(row, "attended"), numbers.of(row, "registered"), "aangemeld")
        for row, word in numbers.there(wording.KINDS, "kind")
        if numbers.of(row, "registered")
    ]
    headlines = (
        Headline("keer aangemeld", numbers.cell(ALL, "registered")),
        Headline("keer aanwezig", numbers.cell(ALL, "attended")),
    )
    return headlines, bars(drawn, alt="Aanwezigen en aangemelden per soort bijeenkomst"), tuple(tables)


def _reach(numbers: YearNumbers) -> _Made:
    columns = ("members", "took_part", "earlier", "never")
    rows = [
        row_of(
            word,
            numbers.cells(row, columns),
            numbers.share(row, "took_part", "members"),
        )
        for row, word in numbers.there(wording.ORGANISATION_KINDS)
    ]
    rows.append(row_of("Alle leden", numbers.cells(ALL, columns), numbers.share(ALL, "took_part", "members")))
    table = Table("Leden naar soort", ("Soort", *map(numbers.word, columns), "Bereik"), tuple(rows))
    members = numbers.of(ALL, "members")
    drawn = [of_whole(numbers.word(c), numbers.of(ALL, c), members, "leden") for c in columns[1:]]
    headlines = (
        Headline(f"van {count(members)} leden deden mee", numbers.cell(ALL, "took_part")),
        Headline("bereik", numbers.share(ALL, "took_part", "members")),
    )
    return headlines, bars(drawn, alt="Leden die meededen, niet meer kwamen en nog nooit kwamen"), (table,)


def _people(numbers: YearNumbers) -> _Made:
    category = _counted(numbers, "people", "Hoedanigheid", wording.CATEGORIES, "category")
    group = _counted(numbers, "people", "Eigen functiegroep", wording.TARGET_GROUPS, "group")
    headlines = (Headline("verschillende mensen", numbers.cell(ALL, "people")),)
    return headlines, _drawn(category, "Mensen naar de hoedanigheid waarin zij kwamen"), (category, group)


def _organisations(numbers: YearNumbers) -> _Made:
    relation = _counted(numbers, "organisations", "Op die dag", wording.RELATIONS, "relation")
    kind = _counted(numbers, "organisations", "Soort", wording.ORGANISATION_KINDS, "kind")
    headlines = (Headline("verschillende organisaties", numbers.cell(ALL, "organisations")),)
    return headlines, _drawn(relation, "Organisaties naar wat zij voor de vereniging waren"), (relation, kind)


def _counted(numbers: YearNumbers, column: str, head: str, words: Words, dimension: str) -> Table:
    rows = [row_of(word, [numbers.cell(row, column)]) for row, word in numbers.there(words, dimension)]
    if numbers.of(part(dimension, NONE), column):
        rows.append(row_of("Niet bekend", [numbers.cell(part(dimension, NONE), column)]))
    rows.append(row_of("Totaal, elk één keer", [numbers.cell(ALL, column)]))
    return Table(f"{numbers.word(column)}: {head.lower()}", (head, numbers.word(column)), tuple(rows))


def _drawn(table: Table, alt: str) -> Drawing:
    """The table without its total."""
    return bars([Bar(row[0].text, row[1].number or 0, row[1].text) for row in table.rows[:-1]], alt=alt)


def _no_show(numbers: YearNumbers) -> _Made:
    table = _per_kind(numbers, ("no_show", "expected"), "Deel", lambda row: numbers.share(row, "no_show", "expected"))
    drawn = [
        of_whole(word, numbers.of(row, "no_show"), numbers.of(row, "expected"), "verwacht")
        for row, word in numbers.there(wording.KINDS)
    ]
    headlines = (
        Headline("wegblijvers", numbers.cell(ALL, "no_show")),
        Headline("van wie werd verwacht", numbers.share(ALL, "no_show", "expected")),
    )
    return headlines, bars(drawn, alt="Wegblijvers van wie werd verwacht, per soort bijeenkomst"), (table,)


def _waiting(numbers: YearNumbers) -> _Made:
    def pressure(row: str) -> Cell:
        found = percent(numbers.of(row, "waited"), numbers.of(row, "places"))
        return Cell("–") if found is None else Cell(count(found), found)

    columns = ("meetings", "waited", "placed", "places")
    table = _per_kind(numbers, columns, "Per 100 plaatsen", pressure)
    drawn = [
        of_whole(word, numbers.of(row, "placed"), numbers.of(row, "waited"), "wachtenden")
        for row, word in numbers.there(wording.KINDS)
        if numbers.of(row, "waited")
    ]
    headlines = (
        Headline("stonden op een wachtlijst", numbers.cell(ALL, "waited")),
        Headline("wachtenden per 100 plaatsen", pressure(ALL)),
    )
    return headlines, bars(drawn, alt="Wachtenden die alsnog een plaats kregen, per soort bijeenkomst"), (table,)


def _per_kind(numbers: YearNumbers, columns: Sequence[str], head: str, last: Callable[[str], Cell]) -> Table:
    kinds = numbers.there(wording.KINDS)
    rows = [row_of(word, numbers.cells(row, columns), last(row)) for row, word in kinds]
    rows.append(row_of("Alle bijeenkomsten", numbers.cells(ALL, columns), last(ALL)))
    return Table("Per soort", ("Soort", *map(numbers.word, columns), head), tuple(rows))


def _appreciation(numbers: YearNumbers) -> _Made:
    years, now = range(numbers.year - YEARS_SHOWN + 1, numbers.year + 1), numbers.year
    answers, asked = marks_column("answers", now), marks_column("asked", now)

    def line(word: str, row: str) -> tuple[Cell, ...]:
        means = [_mean(numbers, row, year) for year in years]
        return row_of(word, means, numbers.cell(row, answers), numbers.share(row, answers, asked))

    kinds = numbers.there(wording.KINDS)
    rows = [line(word, row) for row, word in kinds]
    heads = ("Soort", *map(str, years), f"{numbers.word('answers')} {now}", f"{numbers.word('asked')} {now}")
    table = Table("Cijfer per soort en jaar", heads, (*rows, line("Alle bijeenkomsten", ALL)))
    drawn = [(word, _mean(numbers, row, now)) for row, word in kinds]
    drawing = bars(
        [Bar(word, cell.number, cell.text, 10) for word, cell in drawn if cell.number],
        alt=f"Gemiddeld cijfer per soort bijeenkomst in {now}",
    )
    headlines = (
        Headline("gemiddeld cijfer", _mean(numbers, ALL, now)),
        Headline("antwoorden", numbers.cell(ALL, answers)),
    )
    return headlines, drawing, (table,)


def _mean(numbers: YearNumbers, row: str, year: int) -> Cell:
    """This year's leads to the events of this year; those of other years stand in their own report."""
    answers = marks_column("answers", year)
    found = mean_tenths(numbers.of(row, marks_column("total", year)), numbers.of(row, answers))
    if found is None:
        return Cell("–")
    behind = Key(Figure.APPRECIATION, row, answers) if year == numbers.year else None
    return Cell(f"{found // 10},{found % 10}", found / 10, behind, Form.MEAN)


def _outsiders(numbers: YearNumbers) -> _Made:
    columns = ("organisations", "later_members")
    kinds = numbers.there(wording.ORGANISATION_KINDS)
    rows = [row_of(word, numbers.cells(row, columns)) for row, word in kinds]
    rows.append(row_of("Totaal", numbers.cells(ALL, columns)))
    drawn = [
        of_whole(word, numbers.of(row, columns[1]), numbers.of(row, columns[0]), "daarna lid") for row, word in kinds
    ]
    besides = (
        row_of(numbers.word("unknown"), [numbers.cell(ALL, "unknown")]),
        row_of(numbers.word("open"), [numbers.cell(ALL, "open")]),
    )
    headlines = (
        Headline("organisaties die geen lid waren", numbers.cell(ALL, "organisations")),
        Headline("daarna lid", numbers.cell(ALL, "later_members")),
    )
    tables = (
        Table("Organisaties naar soort", ("Soort", *map(numbers.word, columns)), tuple(rows)),
        Table("Verder", ("Wat", "Aantal"), besides, totals=False),
    )
    return headlines, bars(drawn, alt="Organisaties die geen lid waren, en daarna lid werden, naar soort"), tables


def _members(numbers: YearNumbers) -> _Made:
    columns = ("start", "joined", "left", "end")
    kinds = numbers.there(wording.ORGANISATION_KINDS, "kind")
    rows = [row_of(word, numbers.cells(row, columns)) for row, word in kinds]
    rows.append(row_of("Alle leden", numbers.cells(ALL, columns)))
    years = [
        (str(y), numbers.of(part("year", str(y)), "end"))
        for y in range(numbers.year - YEARS_SHOWN + 1, numbers.year + 1)
    ]
    goal, end = numbers.goal, numbers.of(ALL, "end")
    by_year = tuple(row_of(year, [Cell(count(number), number)]) for year, number in years)
    headlines = (
        Headline(f"leden; het doel is {count(goal.members)} in {goal.year}", numbers.cell(ALL, "end")),
        Headline("te gaan", Cell(count(max(0, goal.members - end)), max(0, goal.members - end))),
    )
    words = f"doel: {count(goal.members)} in {goal.year}"
    drawing = line_to_goal(
        years, goal=goal.members, goal_words=words, alt=f"Leden aan het einde van elk jaar, met het {words}"
    )
    tables = (
        Table("Leden naar soort", ("Soort", *map(numbers.word, columns)), tuple(rows)),
        Table("Leden aan het einde van het jaar", ("Jaar", "Leden"), by_year, totals=False),
    )
    return headlines, drawing, tables


def _visibility(numbers: YearNumbers) -> _Made:
    columns = ("items", "contributed", "counted", "heads")
    kinds = numbers.there(wording.KINDS)
    rows = [row_of(word, numbers.cells(row, columns)) for row, word in kinds]
    rows.append(row_of("Totaal", numbers.cells(ALL, columns)))
    items = numbers.of(ALL, "items")
    drawn = [of_whole(numbers.word(c), numbers.of(ALL, c), items, "agendapunten") for c in columns[1:3]]
    headlines = (
        Headline("agendapunten", numbers.cell(ALL, "items")),
        Headline("bezoekers geteld", numbers.cell(ALL, "heads")),
    )
    table = Table("Per soort", ("Soort", *map(numbers.word, columns)), tuple(rows))
    return headlines, bars(drawn, alt="Agendapunten met een bijdrage, en met een telling"), (table,)


_MAKERS: Mapping[Figure, Callable[[YearNumbers], _Made]] = {
    Figure.MEETINGS: _meetings,
    Figure.ATTENDANCE: _attendance,
    Figure.REACH: _reach,
    Figure.PEOPLE: _people,
    Figure.ORGANISATIONS: _organisations,
    Figure.NO_SHOW: _no_show,
    Figure.WAITING: _waiting,
    Figure.APPRECIATION: _appreciation,
    Figure.OUTSIDERS: _outsiders,
    Figure.MEMBERS: _members,
    Figure.VISIBILITY: _visibility,
}
