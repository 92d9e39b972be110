"""The demo's programme from June on, and what it shows besides: something past, cancelled, and not yet published."""

from datetime import timedelta

from eventapp.cli.demo_data.calendar import DemoCalendar
from eventapp.cli.demo_data.events import Crowd, Entry, Place
from eventapp.cli.demo_data.spring import DRIEHOEK, EIKEN, KAZERNEHOF
from eventapp.domain.events import EventForm, EventKind, EventState, Field, RegistrationMode, TargetGroup, Visibility
from eventapp.domain.organisation_kinds import OrganisationKind
from eventapp.domain.pricing import Admission, Category, PriceLine

_BUS = Place(
    venue="Vertrek: station Groningen, busperron K",
    street="Stationsplein 4",
    postcode="9726 AE",
    city="Groningen",
    route="""
De bus vertrekt stipt om 8.45 uur van busperron K en is om 17.30 uur terug. Onderweg stappen wij vier keer
uit; draag schoenen waarop u een stukje kunt lopen. Is instappen voor u lastig? Laat het ons weten.
""",
)
_BOSCH = Place(
    venue="Atelier De Groene Poort",
    street="Havenkade 8",
    postcode="5211 AA",
    city="Den Bosch",
    route="""
Vanaf station 's-Hertogenbosch is het een kwartier lopen langs het water. Parkeren kan in de Havengarage.
""",
)
_ROTTERDAM = Place(
    venue="Werkplaats Maaszicht",
    street="Rijnkade 101",
    postcode="3072 AA",
    city="Rotterdam",
    route="""
Neem vanaf Rotterdam Centraal metro D of E tot halte Maaszicht; de ingang is aan de waterkant. Parkeren in de
buurt is betaald en beperkt.
""",
)
_GENT = Place(
    venue="Hotel De Drie Torens",
    street="Torenstraat 15",
    postcode="9000",
    city="Gent (België)",
    route="""
Wij reizen samen per trein vanaf Breda, vertrek 9.30 uur. Eigen vervoer kan ook: het hotel ligt binnen de
lage-emissiezone, parkeer bij station Gent-Sint-Pieters.
""",
)


def autumn(calendar: DemoCalendar) -> list[Entry]:
    return [*_summer(calendar), *_september(calendar), *_journeys(calendar), *_closing(calendar), *_others(calendar)]


def _summer(calendar: DemoCalendar) -> list[Entry]:
    at = calendar.moment
    tour = Entry(
        slug="regiotour-noord-{year}",
        title="Regiotour Noord",
        kind=EventKind.REGIOTOUR,
        starts_at=at(6, 3, "08.30"),
        ends_at=at(6, 3, "17.30"),
        summary="Met de bus langs vier kindcentra in Groningen en Drenthe, voor bestuurders, wethouders en ambtenaren.",
        description="""
In één dag bezoekt u vier plekken waar opvang, onderwijs en jeugdhulp elkaar hebben gevonden: een
dorpskindcentrum, een stadslocatie, een kindcentrum met een peuterplein en een nieuwbouwproject in aanbouw.

In de bus leggen ambassadeurs de verbinding tussen wat u ziet en wat er in uw eigen gemeente speelt. Werkt u
voor een gemeente? Dan gaat u kosteloos mee; meld u aan met het adres van uw werk.
""",
        place=_BUS,
        size=45,
        prices={Category.NIET_LID: 6000},
        narrowed=(PriceLine(Category.NIET_LID, Admission.GRATIS, kinds=frozenset({OrganisationKind.GEMEENTE})),),
        groups=(TargetGroup.BESTUURDER, TargetGroup.OVERIG),
        crowd=Crowd(members=16, outsiders=5, ambassadors=2),
    )
    partner = Entry(
        slug="subsidies-verduurzaming-{year}",
        title="Partneractiviteit: subsidies voor verduurzaming",
        kind=EventKind.PARTNERACTIVITEIT,
        starts_at=at(6, 10, "14.00"),
        ends_at=at(6, 10, "15.30"),
        summary="Welke regelingen zijn er voor een duurzaam gebouw, en hoe vraagt u ze aan?",
        description="""
Onze steunpartner Bouwadvies voor Kindcentra zet de regelingen voor verduurzaming op een rij en laat aan de
hand van twee gebouwen zien hoe een aanvraag verloopt.

U kunt in Den Bosch aanschuiven of online meedoen. De partner krijgt geen contactgegevens van deelnemers. Alleen wie
dat zelf aangeeft, staat met naam en organisatie op de lijst voor de partner.
""",
        form=EventForm.HYBRIDE,
        place=_BOSCH,
        online_url="https://vergadering.example/verduurzaming",
        size=60,
        groups=(TargetGroup.ORGANISATIEDESKUNDIGE,),
        fields=(Field.HUISVESTING, Field.FINANCIEN),
        crowd=Crowd(members=14),
    )
    return [tour, partner]


def _september(calendar: DemoCalendar) -> list[Entry]:
    at = calendar.moment
    staff = Entry(
        slug="inspiratiebijeenkomst-hr-{year}",
        title="Inspiratiebijeenkomst HR: één team, twee cao's",
        kind=EventKind.INSPIRATIEBIJEENKOMST,
        starts_at=at(9, 23, "13.00"),
        ends_at=at(9, 23, "17.00"),
        summary="Collega's met verschillende cao's in één team: wat kan er wel? Een middag voor HR en leidinggevenden.",
        description="""
Twee collega's doen hetzelfde werk, maar hebben verschillende vakantiedagen, pensioenen en salarisschalen. Hoe
gaat u daar eerlijk mee om zolang er geen gezamenlijke cao is?

Een jurist schetst de ruimte die de beide cao's bieden. Daarna vertellen drie leden over combinatiebanen, het
werken met één functiehuis en een gezamenlijk verzuimbeleid.

U kunt in Rotterdam aanwezig zijn of online meekijken.
""",
        form=EventForm.HYBRIDE,
        place=_ROTTERDAM,
        online_url="https://vergadering.example/twee-caos",
        size=140,
        prices={Category.NIET_LID: 9500},
        groups=(TargetGroup.ORGANISATIEDESKUNDIGE, TargetGroup.DIRECTEUR),
        fields=(Field.HR,),
        crowd=Crowd(members=33, outsiders=5, withdrawn=1),
    )
    congress = Entry(
        slug="landelijke-ikc-dag-{year}",
        title="Landelijke ikc-dag",
        kind=EventKind.EXTERN,
        starts_at=at(10, 5, "09.00"),
        ends_at=at(10, 5, "17.00"),
        summary="Wij staan met een stand en een lezing op de Landelijke ikc-dag. Aanmelden gaat via de organisator.",
        description="""
Op de Landelijke ikc-dag ontmoeten professionals uit onderwijs en opvang elkaar. Onze coördinator verzorgt er
een lezing over besturen zonder schotten, en in onze stand kunt u kennismaken met leden uit uw regio.

De dag wordt niet door ons georganiseerd: aanmelden gaat via de website van de organisator.
""",
        place=Place("Beursgebouw De Linde", "Lindelaan 2", "6711 AA", "Ede", ""),
        registration=RegistrationMode.ELDERS,
        external_url="https://ikc-dag.example/aanmelden",
    )
    return [staff, congress]


def _journeys(calendar: DemoCalendar) -> list[Entry]:
    return [
        Entry(
            slug="studiereis-gent-{year}",
            title="Studiereis Gent: kijken bij de buren",
            kind=EventKind.STUDIEREIS,
            starts_at=calendar.moment(10, 7, "09.30"),
            ends_at=calendar.moment(10, 9, "17.00"),
            summary="Drie dagen naar Gent: hoe werken scholen, opvang en buurt daar samen in de brede school?",
            description="""
In Gent werken scholen, opvang, sport en cultuur al jaren samen in de brede school. In drie dagen bezoekt u
vijf locaties, spreekt u met de schepen van Onderwijs en maakt u kennis met een lerarenopleiding.

De prijs is inclusief btw, treinreis vanaf Breda, twee overnachtingen met ontbijt en de gezamenlijke
maaltijden. Een annuleringsverzekering sluit u zelf af.
""",
            place=_GENT,
            size=20,
            prices={Category.LID: 58500, Category.AMBASSADEUR: 58500, Category.NIET_LID: 73500},
            groups=(TargetGroup.BESTUURDER, TargetGroup.DIRECTEUR),
            closes_at=calendar.moment(9, 1, "12.00"),
            crowd=Crowd(members=8, outsiders=2),
        )
    ]


def _closing(calendar: DemoCalendar) -> list[Entry]:
    at = calendar.moment
    assembly = Entry(
        slug="alv-najaar-{year}",
        title="ALV najaar: contributie {next_year}",
        kind=EventKind.ALV,
        starts_at=at(11, 25, "14.00"),
        ends_at=at(11, 25, "17.00"),
        summary="De algemene ledenvergadering stelt de contributie en de begroting vast. Eén stem per lidorganisatie.",
        description="""
Op de agenda staan het verslag van de voorjaarsvergadering, de begroting en de contributie voor het komende
jaar en de benoeming van een bestuurslid. De stukken ontvangt u drie weken van tevoren.

Elke lidorganisatie heeft één stem. Meer collega's zijn welkom als toehoorder. U kunt in Utrecht aanwezig zijn
of online deelnemen.
""",
        form=EventForm.HYBRIDE,
        place=DRIEHOEK,
        online_url="https://vergadering.example/alv",
        size=80,
        groups=(TargetGroup.BESTUURDER,),
        visibility=Visibility.LEDEN,
        opens_at=at(10, 14, "09.00"),
    )
    board = Entry(
        slug="kopgroep-bestuurders-{date}",
        title="Kopgroep bestuurders",
        kind=EventKind.KOPGROEP,
        starts_at=at(12, 2, "10.00"),
        ends_at=at(12, 2, "12.00"),
        summary="Besloten overleg van de kopgroep bestuurders, op uitnodiging.",
        description="""
De kopgroep bestuurders bespreekt vier keer per jaar de voortgang van de gezamenlijke agenda. Deelname is op
uitnodiging.

De stukken en de link ontvangt u een week van tevoren.
""",
        form=EventForm.ONLINE,
        online_url="https://vergadering.example/kopgroep",
        size=25,
        groups=(TargetGroup.BESTUURDER,),
        visibility=Visibility.BESLOTEN,
        crowd=Crowd(members=9),
    )
    return [assembly, board]


def _others(calendar: DemoCalendar) -> list[Entry]:
    past = calendar.past(3, 3, "13.00")
    return [
        Entry(
            slug="inspiratiebijeenkomst-ict-{date}",
            title="Inspiratiebijeenkomst ICT: één kind, één dossier",
            kind=EventKind.INSPIRATIEBIJEENKOMST,
            starts_at=past,
            ends_at=past + timedelta(hours=3, minutes=30),
            summary="Hoe deelt u gegevens over kinderen tussen opvang en school, veilig en met oog voor ouders?",
            description="""
Opvang en school houden vaak elk een eigen dossier bij. Op deze middag lieten drie leden zien hoe zij gegevens
overdragen met toestemming van ouders, en wat de functionaris gegevensbescherming daarvan vindt.

Na afloop was er een markt met voorbeelden van afspraken en formulieren.
""",
            place=KAZERNEHOF,
            size=60,
            prices={Category.NIET_LID: 9500},
            groups=(TargetGroup.ORGANISATIEDESKUNDIGE, TargetGroup.KWALITEITSMEDEWERKER),
            fields=(Field.ICT,),
            crowd=Crowd(members=41, outsiders=5, withdrawn=4),
        ),
        Entry(
            slug="ledenbijeenkomst-zuid-{year}",
            title="Ledenbijeenkomst Zuid: elkaar ontmoeten",
            kind=EventKind.LEDENBIJEENKOMST,
            starts_at=calendar.moment(3, 25, "13.30"),
            ends_at=calendar.moment(3, 25, "16.00"),
            summary="Een middag voor leden in Noord-Brabant, Limburg en Zeeland om ervaringen uit te wisselen.",
            description="""
Op verzoek van leden in het zuiden organiseren wij een regionale ontmoeting bij De Groene Poort in Den Bosch.

U bepaalt samen de agenda: neem een vraag mee waar u in uw eigen organisatie niet uitkomt.
""",
            place=_BOSCH,
            size=40,
            groups=(TargetGroup.DIRECTEUR, TargetGroup.BESTUURDER),
            state=EventState.CANCELLED,
            cancel_reason="De locatie is door een lekkage niet beschikbaar. Wij zoeken een nieuwe datum.",
            crowd=Crowd(members=12),
        ),
        Entry(
            slug="training-samen-scholen-{year}",
            title="Training: samen scholen, samen werken",
            kind=EventKind.TRAINING,
            starts_at=calendar.moment(6, 17, "09.30"),
            ends_at=calendar.moment(6, 17, "16.30"),
            summary="Concept: een trainingsdag voor teams van opvang en onderwijs, gegeven door ambassadeurs.",
            description="""
Deze training wordt nog uitgewerkt. Het idee is dat teams met drie tot zes mensen komen en aan een eigen plan
werken.

Datum en locatie zijn onder voorbehoud.
""",
            place=EIKEN,
            size=36,
            prices={Category.LID: 7500, Category.NIET_LID: 12500},
            groups=(TargetGroup.MEDEWERKER, TargetGroup.KWALITEITSMEDEWERKER),
            fields=(Field.PEDAGOGIEK,),
            state=EventState.DRAFT,
        ),
    ]
