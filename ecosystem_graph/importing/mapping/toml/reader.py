"""Checked access to the tables of a TOML file; every fault is collected with its place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from ecosystem_graph.importing.mapping.grammar import FieldName
from ecosystem_graph.tables.messages.notes import did_you_mean, quoted


@dataclass(slots=True)
class Faults:
    """Everything that is wrong with a mapping, each once."""

    found: dict[str, None] = field(default_factory=dict)

    def add(self, where: str, message: str) -> None:
        """Add a fault at a place such as `acme.toml, tables.deals.crm`."""
        self.found[f"{where}: {message}"] = None


@dataclass(frozen=True, slots=True)
class TableReader:
    """One table of a mapping: values of the types wanted, or faults.

    Attributes
    ----------
    content : mapping
    where : str
        Its place, for messages.
    faults : Faults
    """

    content: Mapping[str, Any]
    where: str
    faults: Faults

    def fault(self, message: str) -> None:
        """Add a fault of this table."""
        self.faults.add(self.where, message)

    def only(self, known: Iterable[str]) -> None:
        """Add a fault for each key that is not known."""
        names = list(known)
        for key in self.content:
            if key not in names:
                hint = did_you_mean(key, names) or f" Known: {', '.join(names)}."
                self.fault(f"unknown key {quoted(key)}.{hint}")

    def text(self, key: str, default: str | None = None) -> str | None:
        """A text; a number or true and false are their text."""
        if key not in self.content:
            return default
        value = plain_text(self.content[key])
        if value is None:
            self.fault(f"{key} must be a text. Got {shown(self.content[key])}.")
            return default
        return value

    def choice(self, key: str, options: tuple[str, ...], default: str | None = None) -> str | None:
        """One of a few words."""
        value = self.text(key, default)
        if value is not None and value not in options:
            hint = did_you_mean(value, options)
            self.fault(f"{key} must be one of {', '.join(options)}. Got {quoted(value)}.{hint}")
            return default
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.content.get(key, default)
        if not isinstance(value, bool):
            self.fault(f"{key} must be true or false. Got {shown(value)}.")
            return default
        return value

    def whole(self, key: str) -> int | None:
        """A whole number from 1."""
        value = self.content.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fault(f"{key} must be a whole number from 1. Got {shown(value)}.")
            return None
        return value

    def wholes(self, key: str) -> tuple[int, ...]:
        """Whole numbers from 1: one, or a list."""
        value = self.content.get(key, [])
        listed = value if isinstance(value, list) else [value]
        sound = [one for one in listed if isinstance(one, int) and not isinstance(one, bool)]
        if len(sound) < len(listed) or any(one < 1 for one in sound):
            self.fault(f"{key} must be rows, numbered from 1. Got {shown(value)}.")
            return ()
        return tuple(sound)

    def texts(self, key: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
        """Texts: one, or a list."""
        if key not in self.content:
            return default
        value = self.content[key]
        listed = value if isinstance(value, list) else [value]
        read = [plain_text(one) for one in listed]
        if any(one is None for one in read):
            self.fault(f"{key} must be a list of texts. Got {shown(value)}.")
            return default
        return tuple(one for one in read if one is not None)

    def table(self, key: str) -> "TableReader":
        """A table below this one; an empty one if there is none."""
        value = self.content.get(key, {})
        where = f"{self.where}.{key}" if self.where else key
        if not isinstance(value, Mapping):
            self.fault(f"{key} must be a table. Got {shown(value)}.")
            value = {}
        return TableReader(value, where, self.faults)

    def tables(self, key: str) -> list[tuple[str, "TableReader"]]:
        """Named tables below a key."""
        below = self.table(key)
        return [(name, below.table(name)) for name in below.content]

    def field_name(self, key: str) -> FieldName | None:
        """A field, written `Field` or `Field?`."""
        value = self.text(key)
        return None if value is None else field_name(value)


def field_name(text: str) -> FieldName:
    """Field of its text in a mapping.

    Examples
    --------
    >>> field_name("Amount?")
    FieldName(name='Amount', optional=True)
    """
    optional = len(text) > 1 and text.endswith("?")
    return FieldName(text.removesuffix("?") if optional else text, optional)


def plain_text(value: Any) -> str | None:
    """Text of a plain value; None for a list or a table."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping | list):
        return None
    return str(value)


def shown(value: Any) -> str:
    """A value of a mapping for a message, cut short."""
    return quoted(value) if isinstance(value, str) else f"{value!r:.80}"
