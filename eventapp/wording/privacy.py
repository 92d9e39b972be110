"""Dutch words for being forgotten: what stands in the way, and how that is settled."""

from eventapp.domain.erasing import Blocker, Standing


def in_the_way(found: Standing) -> str:
    """One sentence to whoever asks to be forgotten."""
    return _SENTENCES[found.why].format(title=found.title)


_SENTENCES = {
    Blocker.COMING: "U bent (of hebt iemand) aangemeld voor {title}. Meld eerst af.",
    Blocker.CIRCLE: "U bent lid van {title}. Verlaat eerst de kring.",
    Blocker.MONEY: "Er is nog geld naar u onderweg of er komt nog een factuur. Zodra dat klaar is, kan het.",
    Blocker.STAFF: "U werkt hier als medewerker. Een beheerder beëindigt eerst uw account.",
    Blocker.OTHER_MAILBOX: "Wij kennen u ook op {title}. Over wat daar staat kunt u vanaf dit adres niet beslissen.",
}
