"""What the columns of an exported list are called, and what they mean."""

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal["text", "whole", "percent", "number", "list"]


@dataclass(frozen=True, slots=True)
class ExportColumn:
    """A column of the recommendations as people read it.

    Attributes
    ----------
    name : str
        In the recommendations.
    title : str
        In an export.
    kind : {"text", "whole", "percent", "number", "list"}
    width : int
        In a workbook, in letters.
    meaning : str
        One sentence.
    """

    name: str
    title: str
    kind: Kind
    width: int
    meaning: str


def _column(name: str, title: str, kind: Kind, width: int, meaning: str) -> ExportColumn:
    return ExportColumn(name, title, kind, width, meaning)


COLUMNS: Final = (
    _column("partner_name", "Partner", "text", 30, "The partner whose list it is."),
    _column("rank", "Rank", "whole", 6, "Place of the collaborator in the list."),
    _column("collaborator_name", "Collaborator", "text", 30, "The partner that is recommended."),
    _column("partner_id", "Partner id", "text", 14, "Its id."),
    _column("partner_country", "Partner country", "text", 9, "Its country."),
    _column("partner_tier", "Partner tier", "text", 12, "Its tier in the program."),
    _column("collaborator_id", "Collaborator id", "text", 14, "Its id."),
    _column("collaborator_country", "Collaborator country", "text", 9, "Its country."),
    _column("collaborator_tier", "Collaborator tier", "text", 12, "Its tier in the program."),
    _column(
        "probability",
        "Joint win",
        "percent",
        10,
        "Probability that the two win a deal together within a year, learnt from past pairs.",
    ),
    _column("probability_low", "Joint win, low", "percent", 9, "Lower end of its 90 % interval."),
    _column("probability_high", "Joint win, high", "percent", 9, "Upper end of its 90 % interval."),
    _column("probability_n", "Past pairs", "whole", 9, "Past pairs that the probability rests on."),
    _column(
        "uplift", "Uplift", "percent", 9, "Points of win probability that the introduction adds."
    ),
    _column("reciprocal_uplift", "Uplift in return", "percent", 9, "The same for the other side."),
    _column(
        "gain",
        "Gain",
        "percent",
        9,
        "Share of the demand on the partner that the collaborator would newly cover.",
    ),
    _column("reciprocal_gain", "Gain in return", "percent", 9, "The same for the other side."),
    _column(
        "competition",
        "Competition",
        "percent",
        12,
        "How far the two are rivals: 0 % not at all, 100 % head on.",
    ),
    _column("trust", "Trust", "percent", 9, "Expected share of wins of the two together."),
    _column(
        "satisfaction", "Satisfaction", "percent", 12, "Of the collaborator's customers, of 100 %."
    ),
    _column(
        "gaps_filled", "Fills", "list", 40, "What is in demand that only the collaborator has."
    ),
    _column("brings", "Gets in return", "list", 40, "What is in demand that only the partner has."),
    _column("covers", "Covers", "list", 40, "What the collaborator has of the requirement."),
    _column("contested", "Contested", "list", 30, "Where the two sell the same."),
    _column("evidence", "Why", "list", 60, "The evidence, in words."),
    _column("flags", "Flags", "list", 25, "What to keep in mind: see the page on output."),
)
