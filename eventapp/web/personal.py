"""The form on somebody's own page: the questions of the event, and what only this person may see."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectMultipleField
from wtforms.fields.choices import SelectChoice

from eventapp import wording
from eventapp.domain.care import CARE_BLOCKS, CARE_CONSENT, LONGEST_REMARK, PHOTO_TEXT, AccessNeed, Block, Care, Diet
from eventapp.web.forms import StrippedString, at_most, choices
from eventapp.web.questions import AnswersForm

# How the page stood towards needs given before: shown in the fields, or only known to be there.
SHOWN, KNOWN = "getoond", "bekend"
_REMARK = at_most(LONGEST_REMARK)


class PersonalForm(AnswersForm):
    """Questions, needs and photos; `keep_only` takes out what the event does not ask."""

    care_before = StrippedString(name="wensen")
    diets = SelectMultipleField("Dieetwensen", name="dieet", choices=choices(wording.DIETS))
    diet_other = StrippedString("Anders, namelijk", name="dieet-anders", validators=[_REMARK])
    access = SelectMultipleField("Toegankelijkheid", name="toegang", choices=choices(wording.ACCESS_NEEDS))
    access_other = StrippedString("Wat moeten wij verder weten?", name="toegang-anders", validators=[_REMARK])
    consent = BooleanField(wording.CARE_CONSENTS[CARE_CONSENT], name="toestemming")
    photo = RadioField(
        wording.PHOTO_TEXTS[PHOTO_TEXT],
        name="foto",
        choices=[SelectChoice("ja", "Ja, dat mag"), SelectChoice("nee", "Liever niet op de foto")],
        validate_choice=False,
    )

    def keep_only(self, blocks: frozenset[Block]) -> None:
        """Leave the fields of these standard questions."""
        needless = [] if Block.DIET in blocks else ["diets", "diet_other"]
        needless += [] if Block.ACCESS in blocks else ["access", "access_other"]
        needless += [] if blocks & CARE_BLOCKS else ["consent", "care_before"]
        needless += [] if Block.PHOTO in blocks else ["photo"]
        for name in needless:
            del self[name]

    def care(self) -> Care | None:
        """What is needed; None when nothing was asked, or when what was said before stays."""
        if "consent" not in self:
            return None
        care = Care(
            diets=frozenset(map(Diet, self._data("diets") or ())),
            diet_other=self._data("diet_other") or "",
            access=frozenset(map(AccessNeed, self._data("access") or ())),
            access_other=self._data("access_other") or "",
        )
        stays = self.care_before.data == KNOWN and not care.says_something
        return None if stays else care

    def check_consent(self) -> bool:
        """Whether what is needed comes with consent; else says so beside the box."""
        care = self.care()
        if care is None or not care.says_something or self.consent.data:
            return True
        self.consent.errors = [wording.REFUSALS["consent_needed"]]
        return False

    def photo_choice(self) -> bool | None:
        """Whether a photo is fine; None when nothing was chosen."""
        return {"ja": True, "nee": False}.get(self._data("photo") or "")

    def _data(self, name: str) -> Any:
        return self[name].data if name in self else None


def care_data(care: Care) -> dict[str, Any]:
    """What the fields show of needs given before."""
    return {
        "diets": sorted(care.diets),
        "diet_other": care.diet_other,
        "access": sorted(care.access),
        "access_other": care.access_other,
        "consent": care.says_something,
    }
