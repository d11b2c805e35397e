"""One trial: something to read or to ask, and what must hold whatever comes of it."""

import re
import tempfile
import traceback
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from attacks.asking import ask_everything
from attacks.dress import dressed
from attacks.ecosystems import ecosystem
from attacks.models import hostile_model
from attacks.mutations import mutated
from attacks.promises import Broken, finite, must
from ecosystem_graph import EcosystemGraph, Recommender, read_tables
from ecosystem_graph.errors import DataError, EcosystemGraphError
from ecosystem_graph.tables import check_tables


@dataclass(slots=True)
class Outcome:
    """How a trial went: `fault` is None if all held; `place` puts like faults together."""

    result: str
    fault: str | None = None
    place: str = ""
    input: str = ""
    trace: str = ""


def trial(kind, seed, number, share=0.02, keep=None):
    """Outcome of one trial; the same kind, seed and number make the same one again.

    Parameters
    ----------
    kind : {"inputs", "ecosystems", "models"}
    seed, number : int
    share : float
        Share of the inputs that are sound after all of which everything is asked.
    keep : Path, optional
        A new folder for the files, to look at them.
    """
    rng = np.random.default_rng([seed, list(TRIALS).index(kind), number])
    told = []
    with tempfile.TemporaryDirectory(prefix="attack-") as temporary:
        folder = Path(temporary if keep is None else keep)
        folder.mkdir(exist_ok=True)
        try:
            return Outcome(TRIALS[kind](rng, folder, told, share), input="; ".join(told))
        except (KeyboardInterrupt, SystemExit, GeneratorExit):
            raise
        except BaseException as error:  # polars panics with what is no Exception
            fault = "broken promise" if isinstance(error, Broken) else "traceback"
            trace = "".join(traceback.format_exception(error))
            return Outcome(fault, fault, where(error), "; ".join(told), trace[-6_000:])


def where(error):
    """Kind of an error and the last line of the package, or of the trial, it came through."""
    if isinstance(error, Broken):
        return str(error)
    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "/ecosystem_graph/" in f.filename] or frames
    last = ours[-1]
    at = f"{last.filename.rpartition('/ecosystem_graph/')[2]}:{last.name}"
    return f"{type(error).__name__} in {at}"


def one_input(rng, folder, told, share):
    """Read and check corrupted tables: an answer or an error of ours, and every row accounted."""
    given = ecosystem(rng)
    told += mutated(rng, given)
    try:
        source, how, rows_stay = dressed(rng, given, folder)
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        return f"cannot be made: {type(error).__name__}"
    told.append(how)
    heights = {name: table.height for name, table in given.items()} if rows_stay else {}
    return read(rng, source, heights, folder, told, share)


def read(rng, source, heights, folder, told, share):
    report = check_tables(source)
    must(len(str(report.to_dict())) > 0, "a report that can be told")
    if report.problems and rng.random() < 0.8:
        if rng.random() < 0.2:
            set_aside(rng, report, source, heights, folder, told, share)
        return "refused"
    try:
        tables = read_tables(source)
    except DataError as error:
        must(report.problems, "read_tables refuses only what check_tables refuses")
        must(str(error), "an error that says something")
        return "refused"
    must(not report.problems, "read_tables reads only what check_tables finds sound")
    accounted(report, tables, heights)
    if rng.random() < share:
        ask_everything(rng, tables, told)
    return "read"


def set_aside(rng, report, source, heights, folder, told, share):
    """With a quarantine either the tables as a whole are at fault or the rest is sound."""
    try:
        tables = read_tables(source, quarantine=folder / "set aside")
    except DataError:
        return
    accounted(report, tables, heights)
    if rng.random() < share:
        told.append("the rest of it")
        ask_everything(rng, tables, told)


def accounted(report, tables, heights):
    """Every row that was given is used, set aside, or told."""
    for name, height in report.rows.items():
        told = heights.get(name, height)
        must(height == told, f"{name}: rows counted are rows given")
        used = tables[name].height + tables.set_aside.get(name, 0)
        must(used + passed_over(tables, name) == height, f"{name}: no row vanishes unsaid")


def passed_over(tables, name):
    """Rows of a table that its notes say are not there."""
    told = [str(note) for note in tables.notes if note.table == name]
    found = [re.search(r"(?:passed over|once) \(rows: ([\d,]+)\)", note) for note in told]
    return sum(int(match[1].replace(",", "")) for match in found if match)


def one_ecosystem(rng, folder, told, share):
    """Ask everything of tables that are sound, on any day."""
    given = ecosystem(rng)
    told.append(", ".join(f"{table.height} {name}" for name, table in given.items()))
    report = check_tables(given)
    must(not report.problems, "an ecosystem that is sound")
    return ask_everything(rng, read_tables(given), told)


def one_model(rng, folder, told, share):
    """Load a model folder that something happened to: refused, or usable."""
    given = ecosystem(np.random.default_rng(int(rng.integers(20))))
    tables = read_tables(given)
    told.append(hostile_model(rng, folder / "model"))
    try:
        model = Recommender.load(folder / "model")
        rows = model.recommend(EcosystemGraph.from_tables(tables, "2024-01-01"), k=3)
    except EcosystemGraphError:
        return "refused"
    finite(rows)
    return "ranked"


TRIALS = {"inputs": one_input, "ecosystems": one_ecosystem, "models": one_model}
