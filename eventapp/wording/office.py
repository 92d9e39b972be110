"""Words of the list of registrations: its columns and filters, and what is done to many at once."""

from eventapp.domain.bulk import Back, BulkAct, Done
from eventapp.domain.registration_lists import Choice, Column, Order, Price, When

COLUMNS = {
    Column.EVENT: "Bijeenkomst",
    Column.ORGANISATION: "Organisatie",
    Column.FUNCTION: "Functie",
    Column.ADDRESS: "Adres",
    Column.SESSIONS: "Deelsessies",
    Column.CATEGORY: "Categorie",
    Column.STATE: "Status",
    Column.ATTENDS: "Fysiek of online",
    Column.PRICE: "Prijs",
    Column.LABELS: "Labels",
    Column.CAME: "Aanwezig",
    Column.SINCE: "Sinds",
}
PRICE_FILTERS = {Price.FREE: "Gratis", Price.PRICED: "Met een prijs"}
CHOICE_FILTERS = {Choice.NONE: "Nog geen keuze"}
WHEN_FILTERS = {When.COMING: "Komende bijeenkomsten", When.PAST: "Geweest"}
LIST_ORDERS = {Order.NEWEST: "Nieuwste eerst"}
BULK_ACTS = {
    BulkAct.CONFIRM: "Bevestigen",
    BulkAct.CANCEL: "Annuleren",
    BulkAct.LABEL: "Label geven",
    BulkAct.UNLABEL: "Label weghalen",
    BulkAct.BREAKOUT: "Naar een deelsessie",
    BulkAct.MOVE: "Naar een andere bijeenkomst",
}
# What became of the rows, with their number before it.
BULK_OUTCOMES = {Done.DONE: "Gedaan", Done.SAME: "Was al zo", Done.REFUSED: "Niet gelukt"}
BACKS = {Back.BY_TERMS: "Volgens de voorwaarden", Back.ALL: "Alles", Back.NOTHING: "Niets"}
