"""A source and a mapping -> the inputs that the mapping reads, and what else is in the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.inputs.fields import columns_wanted, needed
from ecosystem_graph.importing.inputs.finding.finder import Finder, Found
from ecosystem_graph.importing.inputs.finding.fits import fits
from ecosystem_graph.importing.inputs.loaded import LoadedInput, folded_others, stacked
from ecosystem_graph.importing.mapping.grammar import TableMapping
from ecosystem_graph.importing.mapping.presets import load_mapping, preset_names
from ecosystem_graph.importing.reading.raw_table import RawTable
from ecosystem_graph.importing.reading.reading import read_input
from ecosystem_graph.importing.reading.sources import ImportSource, find_inputs
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.messages.wording import first_few


@dataclass(slots=True)
class Loaded:
    """What is read from a source.

    Attributes
    ----------
    mapping : TableMapping
    found : list of Found
        Every file and sheet, those that are no input among them.
    inputs : dict of str to LoadedInput
    problems : list of Problem
    """

    mapping: TableMapping
    found: list[Found]
    inputs: dict[str, LoadedInput] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def found_inputs(
    source: ImportSource, mapping: str | Path | None, presets: Sequence[str]
) -> Loaded:
    """Files of a source, each with the input that it is; no values are read yet.

    Without a mapping and presets, those that ship and fit a file are taken.

    Raises
    ------
    MappingError
        If the mapping cannot be read.
    DataError
        If the source does not exist.
    """
    if mapping is not None or presets:
        stated = load_mapping(mapping, presets)
        finder = Finder(find_inputs(source))
    else:
        finder = Finder(find_inputs(source))
        stated = load_mapping(None, sorted(_fitting_presets(finder)))
    loaded = Loaded(stated, finder.found(stated))
    loaded.problems += [problem for one in loaded.found for problem in _refusals(one)]
    return loaded


def load_inputs(loaded: Loaded) -> None:
    """Read the columns that the mapping names, and no other, of every input that was found.

    Raises
    ------
    DataError
        If none was found.
    """
    if not any(one.input for one in loaded.found) and not loaded.problems:
        raise data_error("the source", unlike_any(loaded))
    fields = needed(loaded.mapping)
    by_input: dict[str, list[RawTable]] = {}
    for one in loaded.found:
        if one.input is None or one.unreadable:
            continue
        others = _others(loaded.mapping, one.input)
        wanted = columns_wanted(fields.get(one.input, {}), one.headers, others)
        raw = read_input(one.location, one.options, columns=wanted)
        by_input.setdefault(one.input, []).append(raw)
    for name, raws in by_input.items():
        loaded.inputs[name], problems = stacked(name, raws, _others(loaded.mapping, name))
        loaded.problems += problems


def absent_inputs(loaded: Loaded) -> list[str]:
    """Faults: inputs that the user's own rules name and that are not in the source."""
    known = {one.input for one in loaded.found}
    faults = []
    there = first_few([f"{one.location.shown} {_as_input(one)}" for one in loaded.found], 8)
    for rule in loaded.mapping.rules:
        among = {condition.among[0] for condition in rule.conditions if condition.among}
        for name in [rule.source, *sorted(among)] if rule.own else []:
            if name not in known:
                faults.append(
                    f"{rule.origin}, {rule.path}: no input is '{name}'. Name its file: "
                    f'[inputs.{name}] file = "...". Found: {there}.'
                )
    return list(dict.fromkeys(faults))


def unlike_any(loaded: Loaded) -> list[Problem]:
    """Problems: files that fit no input of the mapping, nor of any preset that ships."""
    message = "holds no file that can be read: CSV, workbooks, JSON and Parquet can."
    if not loaded.found:
        return [Problem("the source", "the source", None, None, None, message, "no file")]
    own = any(rule.own for rule in loaded.mapping.rules)
    tried = {loaded.mapping.name: loaded.mapping} if own else shipped_presets()
    unlike = [one for one in loaded.found if one.input is None and not one.refused]
    return [problem for one in unlike for problem in one.unreadable or (_unlike(one, tried),)]


def shipped_presets() -> dict[str, TableMapping]:
    """Every preset that ships, by name."""
    return {name: load_mapping(None, [name]) for name in preset_names()}


def _fitting_presets(finder: Finder) -> set[str]:
    """Presets that fit a file best, by the number of its fields."""
    shipped = {name: finder.best_fits(mapping) for name, mapping in shipped_presets().items()}
    chosen = set()
    for place in range(len(finder.locations)):
        sizes = {name: best[place].size for name, best in shipped.items() if place in best}
        if sizes:
            chosen.add(max(sizes, key=lambda name: sizes[name]))
    return chosen


def _refusals(one: Found) -> tuple[Problem, ...]:
    """Problems of a file that is an input and cannot be read, or that is no export."""
    if one.input is not None:
        return one.unreadable
    if not one.refused:
        return ()
    message = (
        "is what Data Loader writes about an upload, not an export: leave it out, and export the "
        "records instead."
    )
    place = one.location
    return (Problem(place.name, place.shown, None, None, None, message, "no export"),)


def _unlike(one: Found, tried: Mapping[str, TableMapping]) -> Problem:
    nearest = [
        (len(fit.found) / fit.size, name, fit)
        for name, mapping in tried.items()
        for fit in fits(one.headers, mapping)[:1]
    ]
    best = ""
    if nearest:
        _, name, fit = max(nearest, key=lambda found: (found[0], found[1]))
        known = f" ({', '.join(fit.found)})" if fit.found else ""
        best = f": best {name}, {len(fit.found)} of {fit.size} fields{known}"
    message = f"fits no preset{best}. Name its input in a mapping."
    place = one.location
    return Problem(place.name, place.shown, None, None, None, message, "fits no preset")


def _as_input(one: Found) -> str:
    return "(not used)" if one.input is None else f"({one.input})"


def _others(mapping: TableMapping, name: str) -> dict[str, tuple[str, ...]]:
    stated = mapping.inputs.get(name)
    return {} if stated is None else folded_others(stated)
