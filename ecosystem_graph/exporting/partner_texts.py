"""Lists as texts that people send: one section for each partner, in Markdown."""

import re
from collections.abc import Mapping
from typing import Any, Final

import polars as pl

from ecosystem_graph.exporting.run_rows import RunRows, shown_list
from ecosystem_graph.exporting.sentences import percent

_MARKUP: Final = re.compile(r"([\\`*_{}\[\]<>#|!~])")
_FEW: Final = 5


def partner_texts(run: RunRows) -> str:
    """All lists as Markdown: who, what they bring, what you bring, why, where you collide."""
    head = [
        "# Recommended collaborations",
        "",
        f"Internal. Run {plain(str(run.record['run_id']))}, as of {run.record['as_of']}.",
    ]
    sections = [_section(part) for part in run.rows.partition_by("partner_id", maintain_order=True)]
    return "\n".join([*head, *(line for section in sections for line in ["", *section])]) + "\n"


def plain(text: str) -> str:
    r"""Text in which no letter is read as markup, on one line.

    Examples
    --------
    >>> print(plain("A*B <c>"))
    A\*B \<c\>
    """
    return _MARKUP.sub(r"\\\1", " ".join(text.split()))


def _section(rows: pl.DataFrame) -> list[str]:
    first = rows.row(0, named=True)
    lines = [f"## {_who(first, 'partner')}"]
    for row in rows.iter_rows(named=True):
        chance = percent(row.get("probability"))
        lines += ["", f"### {row['rank']}. {_who(row, 'collaborator')}", ""]
        facts = {
            "Where": ", ".join(
                filter(None, [row["collaborator_country"], row["collaborator_tier"]])
            ),
            "Joint win within a year": chance,
            "They cover": shown_list(row.get("covers"), _FEW),
            "They bring": shown_list(row.get("gaps_filled"), _FEW),
            "You bring": shown_list(row.get("brings"), _FEW),
            "Why": shown_list(row.get("evidence")),
            "Where you collide": shown_list(row.get("contested"), _FEW),
        }
        lines += [f"- {name}: {plain(value)}" for name, value in facts.items() if value]
    return lines


def _who(row: Mapping[str, Any], side: str) -> str:
    name, own = row[f"{side}_name"], row[f"{side}_id"]
    return plain(own if name is None else f"{name} ({own})")
