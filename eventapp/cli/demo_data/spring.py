"""The demo's programme from January to May."""

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.events import Crowd, Entry, Place
from eventapp.domain.events import EventForm, EventKind, Field, TargetGroup, Visibility
from eventapp.domain.pricing import Category

KAZERNEHOF = Place(
    venue="Vergadercentrum De Kazernehof",
    street="Kazerneplein 12",
    postcode="3812 AA",
    city="Amersfoort",
    route="""
Met de trein: vanaf station Amersfoort Centraal loopt u in tien minuten naar De Kazernehof. Volg de borden
'Stadhuis' en sla bij de oude poort rechtsaf.

Met de auto: parkeren kan in de garage onder het plein (P3). Een uitrijkaart krijgt u bij de ontvangstbalie.

De zalen zijn met een rolstoel bereikbaar; in zaal 2 is een ringleiding.
""",
)
FLADDERBOOM = Place(
    venue="Kindcentrum De Fladderboom",
    street="Boomvalk 3",
    postcode="9403 AA",
    city="Assen",
    route="""
Met het openbaar vervoer: vanaf station Assen neemt u stadsbus 2 tot de halte Boomvalk; het kindcentrum ligt
tegenover de halte.

Met de auto: parkeer bij de sporthal, niet in de straat voor het kindcentrum. Rond 8.30 en 14.00 uur is het er
druk met kinderen op de fiets.

Meld u bij de hoofdingang. Wij vragen u geen foto's te maken waarop kinderen te zien zijn.
""",
)
DRIEHOEK = Place(
    venue="Congrescentrum De Driehoek",
    street="Driehoekplein 1",
    postcode="3511 AB",
    city="Utrecht",
    route="""
Met de trein: De Driehoek ligt op vijf minuten lopen van Utrecht Centraal, aan de kant van de Jaarbeurs. Volg
de gele vlaggen.

Met de auto: parkeren kan in garage P1 onder het plein. De dag valt in de milieuzone van de stad; kijk vooraf
of uw auto er mag komen.

Met de fiets: er is een bewaakte stalling naast de ingang. Alle zalen zijn met de lift bereikbaar.
""",
)
EIKEN = Place(
    venue="Buitenplaats Het Eiken",
    street="Eikenlaan 40",
    postcode="3941 AA",
    city="Doorn",
    route="""
Met het openbaar vervoer: bus 50 stopt op zeven minuten lopen, halte Eikenlaan. Om 8.40 uur rijdt er een
pendelbusje vanaf station Driebergen-Zeist; geef het ons door als u daarmee meegaat.

Met de auto: er is ruime parkeergelegenheid op het terrein, met acht laadpalen.
""",
)
_ZWOLLE = Place(
    venue="Tweeklank Kindcentra, centraal bureau",
    street="Hanzestraat 21",
    postcode="8011 AA",
    city="Zwolle",
    route="""
Het bureau ligt op acht minuten lopen van station Zwolle. Bel aan bij 'Tweeklank'; de zaal is op de eerste
verdieping en er is een lift.
""",
)
_CIRCLE_DAYS = ((1, 21), (3, 18), (5, 27), (9, 16), (11, 18))
_CIRCLE_THEMES = (
    "het integraal huisvestingsplan",
    "ventilatie en binnenklimaat",
    "bouwen met de gemeente",
    "beheer en exploitatie onder één dak",
    "de meerjarenraming",
)


def spring(calendar: DemoCalendar) -> list[Entry]:
    return [*_winter(calendar), *_circles(calendar), _theme_day(calendar), _webinar(calendar), _masterclass(calendar)]


def _winter(calendar: DemoCalendar) -> list[Entry]:
    at = calendar.moment
    new_year = Entry(
        slug="nieuwjaarsontmoeting-{year}",
        title="Nieuwjaarsontmoeting leden",
        kind=EventKind.LEDENBIJEENKOMST,
        starts_at=at(1, 14, "15.30"),
        ends_at=at(1, 14, "17.00"),
        summary="Samen online het jaar beginnen: kennismaken met nieuwe leden en vooruitkijken naar de themadag.",
        description="""
Wij beginnen het jaar met een online ontmoeting voor alle lidorganisaties. In kleine groepen maakt u kennis
met collega's uit andere delen van het land.

Daarna vertelt het bestuur wat er dit jaar op de agenda staat, en hoort u van twee nieuwe leden waarom zij
zich hebben aangesloten. Zet de koffie of thee alvast klaar.

De link naar de bijeenkomst staat in uw bevestiging.
""",
        form=EventForm.ONLINE,
        online_url="https://vergadering.example/nieuwjaar",
        size=60,
        groups=(TargetGroup.BESTUURDER, TargetGroup.DIRECTEUR),
        visibility=Visibility.LEDEN,
        crowd=Crowd(members=41, withdrawn=2),
    )
    supervision = Entry(
        slug="inspiratiebijeenkomst-toezicht-{year}",
        title="Inspiratiebijeenkomst toezicht: samen verantwoord",
        kind=EventKind.INSPIRATIEBIJEENKOMST,
        starts_at=at(2, 4, "13.00"),
        ends_at=at(2, 4, "16.30"),
        summary="Hoe houdt u toezicht op twee werelden in één organisatie? Een middag voor raden van toezicht.",
        description="""
Wie toezicht houdt op een organisatie met onderwijs én kinderopvang, heeft te maken met twee wetten, twee
geldstromen en twee culturen. Hoe houdt u overzicht zonder op de stoel van de bestuurder te gaan zitten?

Twee ervaren toezichthouders vertellen hoe zij hun toezichtkader hebben opgebouwd. Daarna werkt u in groepen
aan de vraag welke financiële kengetallen er voor een kindcentrum echt toe doen.

U gaat naar huis met een voorbeeldkader en een lijst met vragen voor uw eigen raad. Na afloop is er een
borrel.
""",
        place=KAZERNEHOF,
        size=80,
        free_per_organisation=3,
        beyond_free_cents=4500,
        prices={Category.NIET_LID: 9500},
        groups=(TargetGroup.RVT, TargetGroup.BESTUURDER),
        fields=(Field.FINANCIEN,),
        crowd=Crowd(members=44, outsiders=9, withdrawn=3, ambassadors=2),
    )
    visit = Entry(
        slug="werkbezoek-de-fladderboom-{year}",
        title="Werkbezoek kindcentrum De Fladderboom",
        kind=EventKind.WERKBEZOEK,
        starts_at=at(3, 11, "10.00"),
        ends_at=at(3, 11, "14.00"),
        summary="Kijk een dagdeel mee in een kindcentrum waar opvang en school één team vormen.",
        description="""
De Fladderboom in Assen werkt sinds 2019 met één team, één rooster en één pedagogisch plan voor kinderen van 0
tot 13 jaar. U loopt mee met een groep, spreekt met medewerkers en ouders, en eet mee aan de lange tafel.

Omdat het een gewone schooldag is, is er plaats voor achttien bezoekers. Kunt u toch niet komen? Meld u dan
af, zodat een ander uw plaats kan krijgen.
""",
        place=FLADDERBOOM,
        size=18,
        prices={Category.NIET_LID: None},
        groups=(TargetGroup.DIRECTEUR, TargetGroup.KWALITEITSMEDEWERKER),
        fields=(Field.PEDAGOGIEK,),
        closes_at=at(3, 8, "12.00"),
        crowd=Crowd(members=18, withdrawn=4, waiting=9),
    )
    return [new_year, supervision, visit]


def _circles(calendar: DemoCalendar) -> list[Entry]:
    """Five meetings of one circle, at the same time of day before and after the clocks change."""
    return [
        Entry(
            slug="kenniskring-huisvesting-{date}",
            title=f"Kenniskring Huisvesting: {theme}",
            kind=EventKind.KENNISKRING,
            starts_at=calendar.moment(month, day, "09.30"),
            ends_at=calendar.moment(month, day, "11.30"),
            summary=f"Bijeenkomst {number} van 5 van de kenniskring Huisvesting, over {theme}.",
            description=f"""
In de kenniskring Huisvesting delen medewerkers van leden vijf keer per jaar hun ervaring met bouwen,
verbouwen en beheren van kindcentra. Deze keer staat {theme} centraal.

U brengt een vraag of voorbeeld uit uw eigen organisatie mee. Eén van de deelnemers bereidt een korte
inleiding voor; daarna is er alle tijd voor gesprek. U kunt ook voor één bijeenkomst aanschuiven.
""",
            form=EventForm.FYSIEK if number == 3 else EventForm.ONLINE,
            place=_ZWOLLE if number == 3 else None,
            online_url="" if number == 3 else "https://vergadering.example/kring-huisvesting",
            size=30,
            groups=(TargetGroup.ORGANISATIEDESKUNDIGE,),
            fields=(Field.HUISVESTING,),
            visibility=Visibility.LEDEN,
            # Who comes is in the circle: circles.py.
            crowd=Crowd(withdrawn=1),
        )
        for number, ((month, day), theme) in enumerate(zip(_CIRCLE_DAYS, _CIRCLE_THEMES, strict=True), start=1)
    ]


def _theme_day(calendar: DemoCalendar) -> Entry:
    at = calendar.moment
    return Entry(
        slug="themadag-{year}",
        title="Themadag {year}: Van samen naar één",
        kind=EventKind.THEMADAG,
        starts_at=at(4, 14, "09.30"),
        ends_at=at(4, 14, "16.30"),
        summary="De jaarlijkse dag voor alle leden en ambassadeurs, met drie rondes deelsessies en een lunch.",
        description="""
Steeds meer kindcentra zetten de stap van samenwerken naar één organisatie. Wat levert dat kinderen op, en wat
vraagt het van medewerkers, ouders en bestuur? Op de themadag brengen wij de kennis van alle leden bij elkaar.

Na de plenaire opening kiest u uit deelsessies in drie rondes (11.15, 13.30 en 14.45 uur), onder meer:
Doorgaande lijn 0-7, Rekenen met één begroting, Eén cao, kan dat?, Bouwen voor later, Privacy en één
kinddossier, Het gesprek met de wethouder, Toezicht op twee werelden, Inclusie begint bij de baby en Ouders
als bondgenoot.

De dag is kosteloos en uitsluitend voor medewerkers van lidorganisaties. Ambassadeurs zijn van harte
uitgenodigd. Voor een vegetarische lunch wordt gezorgd.

Tot ziens in Utrecht!
""",
        place=DRIEHOEK,
        size=220,
        groups=tuple(TargetGroup),
        fields=(Field.ALGEMEEN, Field.PEDAGOGIEK, Field.HR, Field.FINANCIEN),
        closes_at=at(4, 7, "17.00"),
        crowd=Crowd(members=170, withdrawn=9, ambassadors=2),
    )


def _webinar(calendar: DemoCalendar) -> Entry:
    return Entry(
        slug="webinar-bestuurlijke-fusie-{year}",
        title="Webinar: bestuurlijke fusie in de praktijk",
        kind=EventKind.WEBINAR,
        starts_at=calendar.moment(4, 22, "19.30"),
        ends_at=calendar.moment(4, 22, "21.00"),
        summary="Twee ambassadeurs vertellen wat een fusie van school en opvang vraagt. Voor iedereen.",
        description="""
Een bestuurlijke fusie is meer dan een gang naar de notaris. Twee van onze ambassadeurs nemen u mee langs de
stappen: van de eerste verkenning en de medezeggenschap tot de dag waarop alle medewerkers dezelfde werkgever
hebben.

Er is veel ruimte voor vragen via de chat. Het webinar is gratis en open voor iedereen die met kindcentra te
maken heeft.
""",
        form=EventForm.ONLINE,
        online_url="https://vergadering.example/webinar-fusie",
        size=300,
        groups=(TargetGroup.BESTUURDER, TargetGroup.RVT, TargetGroup.OVERIG),
        fields=(Field.ALGEMEEN, Field.HR),
        crowd=Crowd(members=84, outsiders=31, withdrawn=5, ambassadors=4),
    )


def _masterclass(calendar: DemoCalendar) -> Entry:
    return Entry(
        slug="masterclass-leiderschap-{year}",
        title="Masterclass Leiderschap in het kindcentrum",
        kind=EventKind.MASTERCLASS,
        starts_at=calendar.moment(5, 20, "09.00"),
        ends_at=calendar.moment(5, 20, "17.00"),
        summary="Een dag over leidinggeven aan één team van onderwijs en opvang, op een rustige plek in het bos.",
        description="""
Leidinggeven aan een team waarin leerkrachten en pedagogisch medewerkers samenwerken, is een vak apart. In
deze masterclass onderzoekt u met maximaal 24 collega's uw eigen manier van leidinggeven.

De ochtend gaat over verschillen in beroepscultuur, de middag over het voeren van het goede gesprek. U werkt
met eigen praktijkvragen, die u vooraf per mail instuurt.

De prijs is inclusief btw, lunch en materiaal. U ontvangt een bewijs van deelname voor zes uur scholing.
""",
        place=EIKEN,
        size=24,
        prices={Category.LID: 14500, Category.AMBASSADEUR: 14500, Category.BESTUUR: 14500, Category.NIET_LID: 24500},
        groups=(TargetGroup.DIRECTEUR,),
        fields=(Field.HR, Field.PEDAGOGIEK),
        crowd=Crowd(members=12, outsiders=4, withdrawn=1),
    )
