"""What the demo's association did lately, besides what stands in the programme of its year."""

from datetime import timedelta

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.events import Crowd, Entry
from eventapp.cli.demo_data.spring import FLADDERBOOM
from eventapp.domain.events import EventKind, TargetGroup


def past(calendar: DemoCalendar) -> list[Entry]:
    lately = calendar.past(1, 2, "13.30")
    return [
        Entry(
            slug="ledenbijeenkomst-noord-{date}",
            title="Ledenbijeenkomst Noord: elkaar ontmoeten",
            kind=EventKind.LEDENBIJEENKOMST,
            starts_at=lately,
            ends_at=lately + timedelta(hours=2, minutes=30),
            summary="Een middag voor leden in Groningen, Friesland en Drenthe om ervaringen uit te wisselen.",
            description="""
Leden uit het noorden namen elk een vraag mee waar zij in de eigen organisatie niet uitkwamen.
""",
            place=FLADDERBOOM,
            size=30,
            groups=(TargetGroup.DIRECTEUR, TargetGroup.BESTUURDER),
            crowd=Crowd(members=14, withdrawn=1),
        ),
    ]
