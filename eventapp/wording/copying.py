"""The Dutch words of what comes along to a copy."""

from eventapp.domain.copying import Part

__all__ = ["COPIED_PARTS"]

COPIED_PARTS = {
    Part.PROGRAMME: "Programma: rondes en deelsessies",
    Part.SPEAKERS: "Namen van wie presenteert",
    Part.DIVISION: "Verdeling van de plaatsen",
    Part.QUESTIONS: "Vragen",
    Part.REMINDERS: "Eigen herinneringen",
    Part.MAIL_TEXTS: "Eigen teksten in mails",
    Part.EVALUATION: "Bedankmail en evaluatie",
    Part.CERTIFICATE: "Tekst van het bewijs van deelname",
}
