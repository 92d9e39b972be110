"""What sort of organisation is it? The kinds that an organisation has and that a price line may be narrowed to."""

from enum import StrEnum


class OrganisationKind(StrEnum):
    KINDEROPVANG = "kinderopvang"
    PRIMAIR_ONDERWIJS = "primair-onderwijs"
    GEINTEGREERD = "geintegreerd"
    GEMEENTE = "gemeente"
    JEUGDHULP = "jeugdhulp"
    WELZIJN = "welzijn"
    BRANCHE = "brancheorganisatie"
    KENNISINSTELLING = "kennisinstelling"
    DIENSTVERLENER = "dienstverlener"
    OVERIG = "overig"
