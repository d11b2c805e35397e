"""A recommendation in a sentence or two."""

from collections.abc import Mapping
from typing import Any, Final

from ecosystem_graph.exporting.run_rows import shown_list

LONGEST: Final = 255
"""Letters that a text field of a CRM holds."""
_FEW: Final = 3


def percent(share: float | None) -> str:
    """Share as a percentage; empty if it is not known.

    Examples
    --------
    >>> percent(0.0957), percent(0.004), percent(None)
    ('9.6 %', '0.4 %', '')
    """
    return "" if share is None else f"{100 * share:.1f} %"


def reason(row: Mapping[str, Any], longest: int = LONGEST) -> str:
    """Why a collaborator is recommended, in at most so many letters.

    It begins with a word of ours, so that no spreadsheet or CRM takes it for a formula.

    Examples
    --------
    >>> reason({"probability": 0.096, "gaps_filled": ["Backup"], "evidence": ["5 deals won"]})
    'Joint win 9.6 %. Fills: Backup. Evidence: 5 deals won'
    """
    chance = percent(row.get("probability"))
    parts = [
        f"Joint win {chance}" if chance else "",
        _named("Covers", row.get("covers")),
        _named("Fills", row.get("gaps_filled")),
        _named("Evidence", row.get("evidence")),
    ]
    text = ". ".join(part for part in parts if part) or "Recommended by score"
    return text if len(text) <= longest else f"{text[: longest - 3].rstrip()}..."


def _named(what: str, entries: Any) -> str:
    shown = shown_list(entries, _FEW)
    return f"{what}: {shown}" if shown else ""
