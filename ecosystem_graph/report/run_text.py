"""A run as plain text: what was read, the model, how often partners are listed, a few lists."""

from typing import Any

import polars as pl

from ecosystem_graph.jobs import Run
from ecosystem_graph.recommending.requests.absence import no_part_text
from ecosystem_graph.report.layout import wrapped
from ecosystem_graph.report.recommendations_text import recommendations_text
from ecosystem_graph.tables.messages.wording import counted


def run_text(run: Run, *, everybody: bool = False) -> str:
    """Summary of a run, and the lists of a few of its partners or of all.

    Parameters
    ----------
    run : Run
    everybody : bool, default False
        Whether to show all lists rather than three.

    Returns
    -------
    str
    """
    record = run.record
    lines = [wrapped(line) for line in [*_inputs(record), *_exposure(record), *_capacity(record)]]
    if "why_empty" in record:
        return "\n".join([*lines, wrapped(f"No recommendations: {record['why_empty']}")])
    rows = run.recommendations
    if not everybody:
        rows = rows.filter(pl.col("partner_id").is_in(run.typical))
    return "\n".join([*lines, "", recommendations_text(rows, run.graph)])


def _inputs(record: dict[str, Any]) -> list[str]:
    """What was read, which model ranked, how many rows came out and what was left out."""
    counts, model = record["counts"], record["model"]
    lines = [
        f"As of {record['as_of']}: {counted(counts['partners'], 'partner')}, "
        f"{counted(counts['won_deals'], 'won deal')}, "
        f"{counted(counts['pairs_with_joint_wins'], 'pair')} with joint wins.",
        f"Model: {model['name']} ({model['why'].rstrip('.')}).",
        f"Probabilities: {model['probabilities']}.",
        f"{counted(counts['rows'], 'recommendation')} for {counted(counts['lists'], 'partner')}.",
    ]
    lines += [f"Left out: {what}: {n:,}." for what, n in record["left_out"].items() if n]
    if "why_empty" not in record and (out := record.get("no_part")):
        lines.append(f"Without a list: {no_part_text(out)}.")
    return lines


def _exposure(record: dict[str, Any]) -> list[str]:
    """How evenly the places of all lists are spread over partners."""
    exposure, n_lists = record["exposure"], record["counts"]["lists"]
    if n_lists <= 1:
        return []
    lines = [
        f"Exposure: Gini {exposure['gini']:.2f}. The most listed 1 % of partners fill "
        f"{exposure['top_1_percent_share']:.0%} of the places; "
        f"{exposure['share_never_recommended']:.0%} of partners are in no list; no partner is in "
        f"more than {exposure['maximal_load']:,} lists."
    ]
    if "allocation" not in record and (most := exposure["most_listed"]) is not None:
        lines.append(
            f"No partner states an intro_capacity: {most['name']} ({most['partner_id']}) is in "
            f"{exposure['maximal_load']:,} of {n_lists:,} lists. --capacity N lists no partner "
            "more than N times, --exposure-price X lowers partners that are in many lists; "
            "`evaluate` takes both and shows their effect on accuracy."
        )
    return lines


def _capacity(record: dict[str, Any]) -> list[str]:
    """What capacities did to the lists, if they were applied."""
    if "allocation" not in record:
        return []
    summary = record["allocation"]
    line = (
        f"Capacity: {summary['capacity_from_table']:,} from the tables, default "
        f"{summary['capacity_of_others']:,} for {summary['others']['partners']:,} others "
        f"({summary['capacity_of_others_is']}). "
        f"{counted(summary['places_taken_by_introductions_under_way'], 'open introduction')}, "
        f"{counted(summary['partners_full'], 'partner')} at capacity, "
        f"{counted(summary['places_lost'], 'place')} reassigned, "
        f"{counted(summary['lists_left_short'], 'short list')}."
    )
    if expected := summary.get("expected_joint_wins"):
        line += (
            f" Expected joint wins: {expected['allocated']:,.1f}; without capacities: "
            f"{expected['plain']:,.1f}."
        )
    return [line]
