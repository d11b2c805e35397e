"""A source and a mapping -> the inputs that the mapping reads, and what else is in the source."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from ecosystem_graph.errors import Problem
from ecosystem_graph.importing.inputs.fields import columns_wanted, needed
from ecosystem_graph.importing.inputs.loaded import LoadedInput, folded_others, stacked
from ecosystem_graph.importing.inputs.recognising import (
    fits,
    is_result_of_data_loader,
    named,
    recognised,
)
from ecosystem_graph.importing.mapping.grammar import InputMapping, TableMapping
from ecosystem_graph.importing.mapping.presets import load_mapping, preset_names
from ecosystem_graph.importing.reading.location import InputLocation
from ecosystem_graph.importing.reading.raw_table import InputOptions, RawTable
from ecosystem_graph.importing.reading.reading import read_input
from ecosystem_graph.importing.reading.sources import ImportSource, find_inputs
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.messages.wording import first_few


@dataclass(frozen=True, slots=True)
class Found:
    """A file or sheet of a source, with the names of its columns and the input that it is.

    Attributes
    ----------
    location : InputLocation
    head : RawTable
        Without values.
    options : InputOptions
    input : str or None
        None if no input of the mapping is like it.
    """

    location: InputLocation
    head: RawTable
    options: InputOptions
    input: str | None = None


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

    Without a mapping and presets, every preset that ships is tried.

    Raises
    ------
    MappingError
        If the mapping cannot be read.
    DataError
        If the source does not exist or holds no input.
    """
    locations = find_inputs(source)
    if mapping is None and not presets:
        return _by_any_preset(locations)
    stated = load_mapping(mapping, presets)
    found = [_assigned(location, stated) for location in locations]
    return _with_refused(Loaded(stated, found))


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
        if one.input is None:
            continue
        others = _others(loaded.mapping, one.input)
        wanted = columns_wanted(fields.get(one.input, {}), one.head.layout.headers, others)
        raw = read_input(one.location, one.options, columns=wanted)
        by_input.setdefault(one.input, []).append(raw)
    for name, raws in by_input.items():
        loaded.inputs[name], problems = stacked(name, raws, _others(loaded.mapping, name))
        loaded.problems += problems


def absent_inputs(loaded: Loaded) -> list[str]:
    """Faults: inputs that the user's own rules name and that are not in the source."""
    known = {*loaded.inputs}
    faults = []
    for rule in loaded.mapping.rules:
        if rule.own and rule.source not in known:
            there = first_few([f"{one.location.file} {_as_input(one)}" for one in loaded.found], 8)
            faults.append(
                f"{rule.origin}, {rule.path}: no input is '{rule.source}'. Name its file: "
                f'[inputs.{rule.source}] file = "...". Found: {there}.'
            )
    return list(dict.fromkeys(faults))


def unlike_any(loaded: Loaded) -> list[Problem]:
    """Problems: files that fit no input of the mapping, nor of any preset that ships."""
    message = "holds no file that can be read: CSV, workbooks, JSON and Parquet can."
    if not loaded.found:
        return [Problem("the source", "the source", None, None, None, message, "no file")]
    tried = {"the mapping": loaded.mapping} if loaded.mapping.inputs else shipped_presets()
    return [_unlike(one, tried) for one in loaded.found if one.input is None]


def _unlike(one: Found, tried: Mapping[str, TableMapping]) -> Problem:
    nearest = [
        (len(fit.found) / (len(fit.found) + len(fit.missing)), name, fit)
        for name, mapping in tried.items()
        for fit in fits(one.head.layout.headers, mapping)[:1]
    ]
    best = ""
    if nearest:
        _, name, fit = max(nearest, key=lambda found: (found[0], found[1]))
        known = f" ({', '.join(fit.found)})" if fit.found else ""
        every = len(fit.found) + len(fit.missing)
        best = f": best {name}, {len(fit.found)} of {every} fields{known}"
    message = f"fits no preset{best}. Name its input in a mapping."
    file = one.location.file
    return Problem(one.location.name, file, None, None, None, message, "fits no preset")


def shipped_presets() -> dict[str, TableMapping]:
    """Every preset that ships, by name."""
    return {name: load_mapping(None, [name]) for name in preset_names()}


def _as_input(one: Found) -> str:
    return "(not used)" if one.input is None else f"({one.input})"


def _others(mapping: TableMapping, name: str) -> dict[str, tuple[str, ...]]:
    stated = mapping.inputs.get(name)
    return {} if stated is None else folded_others(stated)


def _by_any_preset(locations: Sequence[InputLocation]) -> Loaded:
    """Each file with the input of the preset whose fields it has; presets that fit none are out."""
    shipped = shipped_presets()
    heads = [(location, read_input(location, columns=())) for location in locations]
    chosen: dict[str, None] = {}
    for location, head in heads:
        if is_result_of_data_loader(location.name, head.layout.headers):
            continue
        best = _best_preset(head, shipped)
        if best is not None:
            chosen[best] = None
    together = load_mapping(None, sorted(chosen))
    found = [
        _with_input(Found(location, head, InputOptions()), together) for location, head in heads
    ]
    return _with_refused(Loaded(together, found))


def _best_preset(head: RawTable, shipped: Mapping[str, TableMapping]) -> str | None:
    whole = {
        name: len(best[0].found)
        for name, mapping in shipped.items()
        if (best := fits(head.layout.headers, mapping)) and not best[0].missing
    }
    return max(whole, key=lambda name: whole[name]) if whole else None


def _assigned(location: InputLocation, mapping: TableMapping) -> Found:
    for one in mapping.inputs.values():
        if (one.options.files or one.options.sheet) and location.fits(one.options):
            options = _with_settings(one, mapping)
            return Found(location, read_input(location, options, columns=()), options, one.name)
    options = _plain(mapping)
    if (by_name := named(location.name, mapping)) is not None and by_name in mapping.inputs:
        options = _with_settings(mapping.inputs[by_name], mapping)
    head = read_input(location, options, columns=())
    return _with_input(Found(location, head, options), mapping)


def _with_input(found: Found, mapping: TableMapping) -> Found:
    headers = found.head.layout.headers
    if is_result_of_data_loader(found.location.name, headers):
        return found
    name = recognised(headers, found.location.name, mapping)
    stated = mapping.inputs.get(name or "")
    if name is None:
        return found
    options = found.options if stated is None else _with_settings(stated, mapping)
    return replace(found, input=name, options=options)


def _plain(mapping: TableMapping) -> InputOptions:
    settings = mapping.settings
    return InputOptions(encoding=settings.encoding, delimiter=settings.delimiter)


def _with_settings(one: InputMapping, mapping: TableMapping) -> InputOptions:
    settings, options = mapping.settings, one.options
    return replace(
        options,
        encoding=options.encoding or settings.encoding,
        delimiter=options.delimiter or settings.delimiter,
    )


def _with_refused(loaded: Loaded) -> Loaded:
    for one in loaded.found:
        if one.input is None and is_result_of_data_loader(
            one.location.name, one.head.layout.headers
        ):
            message = (
                "is what Data Loader writes about an upload, not an export: leave it out, and "
                "export the records instead."
            )
            loaded.problems.append(
                Problem(
                    one.location.name, one.location.file, None, None, None, message, "no export"
                )
            )
    return loaded
