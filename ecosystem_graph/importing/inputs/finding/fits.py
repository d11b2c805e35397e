"""Which input of a mapping, or of which preset, a file is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from ecosystem_graph.importing.inputs.fields import needed
from ecosystem_graph.importing.inputs.loaded import folded_others, found_field
from ecosystem_graph.importing.mapping.grammar import InputMapping, TableMapping
from ecosystem_graph.importing.reading.raw_table import folded_field

_RESULT_FILE: Final = re.compile(r"(success|error)\d*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a file fits an input by the fields it must have.

    Attributes
    ----------
    input : str
    found, missing : tuple of str
        Fields that are there, and those that are not.
    """

    input: str
    found: tuple[str, ...]
    missing: tuple[str, ...]

    @property
    def size(self) -> int:
        """Number of fields the input must have."""
        return len(self.found) + len(self.missing)


def fits(headers: Sequence[str], mapping: TableMapping) -> list[Fit]:
    """Fit of a file to each input that is recognised by its fields, the best first.

    A file that has all fields of one input comes before one that has some; among those, more
    fields count.
    """
    present = {folded_field(header) for header in headers}
    found = [_fit(present, one) for one in mapping.inputs.values() if one.recognise]
    return sorted(found, key=lambda fit: (bool(fit.missing), -len(fit.found)))


def named(name: str, mapping: TableMapping) -> str | None:
    """Input that a file is by its name alone, among those that do not name their files."""
    open_inputs = set(needed(mapping))
    stems = {name, name.rpartition(" / ")[2], name.partition(" / ")[0]}
    folded = {folded_field(stem) for stem in stems}
    for one in sorted(open_inputs):
        stated = mapping.inputs.get(one)
        by_name = stated is None or not stated.options.files
        if by_name and folded_field(one) in folded:
            return one
    return None


def is_result_of_data_loader(name: str, headers: Sequence[str]) -> bool:
    """Whether a file is what Salesforce Data Loader writes about an upload, not an export.

    Examples
    --------
    >>> is_result_of_data_loader("success0413060133", ["ID", "NAME", "STATUS"])
    True
    """
    last = folded_field(headers[-1]) if headers else ""
    return last in ("status", "error") and bool(_RESULT_FILE.match(name))


def _fit(present: set[str], one: InputMapping) -> Fit:
    others: Mapping[str, tuple[str, ...]] = folded_others(one)
    there = tuple(name for name in one.recognise if found_field(name, present, others))
    return Fit(one.name, there, tuple(name for name in one.recognise if name not in there))
