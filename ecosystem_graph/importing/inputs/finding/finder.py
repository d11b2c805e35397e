"""Files of a source -> the inputs of a mapping that they are, by names of columns and files."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import polars as pl

from ecosystem_graph.errors import DataError, Problem
from ecosystem_graph.importing.inputs.finding.fits import (
    Fit,
    fits,
    is_result_of_data_loader,
    named,
)
from ecosystem_graph.importing.mapping.grammar import InputMapping, TableMapping
from ecosystem_graph.importing.reading.location import InputLocation
from ecosystem_graph.importing.reading.raw_table import InputOptions, RawTable
from ecosystem_graph.importing.reading.reading import read_input


@dataclass(frozen=True, slots=True)
class Found:
    """A file or sheet of a source, with the names of its columns and the input that it is.

    Attributes
    ----------
    location : InputLocation
    head : RawTable
        Without values; without columns if it cannot be read.
    options : InputOptions
    input : str or None
        None if no input of the mapping is like it.
    unreadable : tuple of Problem
        Why it cannot be read.
    """

    location: InputLocation
    head: RawTable
    options: InputOptions
    input: str | None = None
    unreadable: tuple[Problem, ...] = ()

    @property
    def headers(self) -> tuple[str, ...]:
        """Names of its columns."""
        return self.head.layout.headers

    @property
    def refused(self) -> bool:
        """Whether it is a result file of Data Loader."""
        return is_result_of_data_loader(self.location.name, self.headers)


@dataclass(slots=True)
class Finder:
    """Finds the inputs of mappings among some files; the head of each file is read once.

    Attributes
    ----------
    locations : sequence of InputLocation
    heads : dict
        What was read, by place of the location and options.
    """

    locations: Sequence[InputLocation]
    heads: dict[tuple[int, InputOptions], Found] = field(default_factory=dict)

    def found(self, mapping: TableMapping) -> list[Found]:
        """Each file with the input of a mapping that it is; one that is several comes again."""
        inputs = [
            found
            for place in range(len(self.locations))
            for found in self._inputs_of(place, mapping)
        ]
        return inputs + self._databases(mapping)

    def best_fits(self, mapping: TableMapping) -> dict[int, Fit]:
        """Fit of each file that has all fields of one input, by the place of the file."""
        best: dict[int, Fit] = {}
        for place in range(len(self.locations)):
            for options, _ in _readings(self.locations[place], mapping):
                head = self._head(place, options)
                whole = [fit for fit in fits(head.headers, mapping) if not fit.missing]
                if whole and not head.refused:
                    nearest = max([best.get(place, whole[0]), whole[0]], key=lambda fit: fit.size)
                    best[place] = nearest
        return best

    def _inputs_of(self, place: int, mapping: TableMapping) -> list[Found]:
        location = self.locations[place]
        stated = [
            replace(self._head(place, _options(one, mapping)), input=one.name)
            for one in mapping.inputs.values()
            if location.fits(one.options)
        ]
        if stated:
            return stated
        if location.kind == "dataframe" and (name := named(location.name, mapping)):
            return [replace(self._head(place, _options_of(name, mapping)), input=name)]
        known = self._recognised(place, mapping)
        if known or location.hidden:
            return known
        plain = self._head(place, _options_of("", mapping))
        name = named(location.name, mapping)
        if name is None or plain.refused:
            return [plain]
        return [replace(self._head(place, _options_of(name, mapping)), input=name)]

    def _recognised(self, place: int, mapping: TableMapping) -> list[Found]:
        """Inputs whose fields a file has; JSON may be several, with records at two places."""
        if self.locations[place].hidden:
            return []
        found = []
        for options, names in _readings(self.locations[place], mapping):
            head = self._head(place, options)
            whole = [one for one in fits(head.headers, mapping) if one.input in names]
            if whole and not whole[0].missing and not head.refused:
                own = _options_of(whole[0].input, mapping)
                found.append(replace(self._head(place, own), input=whole[0].input))
        return found

    def _head(self, place: int, options: InputOptions) -> Found:
        key = (place, replace(options, name="", files=()))
        if key not in self.heads:
            self.heads[key] = _head(self.locations[place], options)
        return replace(self.heads[key], options=options)

    def _databases(self, mapping: TableMapping) -> list[Found]:
        found = []
        for one in mapping.inputs.values():
            if one.options.database is not None:
                options = _options(one, mapping)
                database = one.options.database
                place = InputLocation(one.name, database, "database", sheet=one.options.table)
                found.append(replace(_head(place, options), input=one.name))
        return found


def _head(location: InputLocation, options: InputOptions) -> Found:
    try:
        return Found(location, read_input(location, options, columns=()), options)
    except DataError as error:
        nothing = np.zeros(0, dtype=np.int64)
        head = RawTable(location.name, location.file, location.sheet, pl.DataFrame(), nothing)
        return Found(location, head, options, unreadable=error.problems)


def _readings(
    location: InputLocation, mapping: TableMapping
) -> list[tuple[InputOptions, list[str]]]:
    """Ways to read a file, each with the inputs that are read so: JSON has several."""
    ways: dict[InputOptions, list[str]] = {}
    for one in mapping.inputs.values():
        if not one.recognise:
            continue
        options = InputOptions()
        if location.kind == "json":
            options = replace(options, rows=one.options.rows, each=one.options.each)
        if one.options.header:
            options = replace(options, header=one.options.header)
        options = _with_settings(options, mapping)
        ways.setdefault(options, []).append(one.name)
    return list(ways.items())


def _options_of(name: str, mapping: TableMapping) -> InputOptions:
    stated = mapping.inputs.get(name)
    return (
        _with_settings(InputOptions(name=name), mapping)
        if stated is None
        else _options(stated, mapping)
    )


def _options(one: InputMapping, mapping: TableMapping) -> InputOptions:
    return _with_settings(one.options, mapping)


def _with_settings(options: InputOptions, mapping: TableMapping) -> InputOptions:
    settings = mapping.settings
    return replace(
        options,
        encoding=options.encoding or settings.encoding,
        delimiter=options.delimiter or settings.delimiter,
    )
