"""What a mapping states, as values: settings, inputs, lookups, identity, and rules per table."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from ecosystem_graph.importing.reading.raw_table import InputOptions

REPAIRS = ("open_deal_closing", "opened_after_closed", "customer_as_partner", "same_row_twice")
"""Names of the repairs, each of which can be switched off."""


@dataclass(frozen=True, slots=True)
class FieldName:
    """A field of an input; an optional one, written `Field?`, may be absent.

    Examples
    --------
    >>> str(FieldName("Amount", optional=True))
    'Amount?'
    """

    name: str
    optional: bool = False

    def __str__(self) -> str:
        return f"{self.name}?" if self.optional else self.name


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one field; exactly one of the four tests is given.

    Attributes
    ----------
    field : FieldName
    one_of, none_of : tuple of str or None
        Values compared without case; `true`, `yes` and `1` are one value.
    empty : bool or None
        Whether the field has to be empty.
    among : (str, FieldName) or None
        An input and a field of it, which must hold the value.
    """

    field: FieldName
    one_of: tuple[str, ...] | None = None
    none_of: tuple[str, ...] | None = None
    empty: bool | None = None
    among: tuple[str, FieldName] | None = None


Alternatives = tuple[tuple[Condition, ...], ...]
"""Groups of conditions, of which one must hold as a whole."""


@dataclass(frozen=True, slots=True)
class Expression:
    """How the value of one column is made from the fields of a row.

    Attributes
    ----------
    fields : tuple of FieldName
        One, or for a match several in the order in which they are tried.
    const, text : str or None
        A constant; or a text with fields in braces, empty if one of them is.
    first : tuple of Expression
        Alternatives, of which the first that is not empty counts.
    lookup : str or None
        Name of the lookup that the value is replaced by.
    match : tuple of str
        Ways to find the partner that the fields mean.
    values : mapping of str to str, or None
        What each value is replaced by, keys without case.
    otherwise : str or None
        What a value not listed in `values` is replaced by; `keep` keeps it; None: it is a problem.
    split : str or None
        Separator; each part makes a row.
    part : int or None
        Number of the part of a list separated by commas, from 1.
    form : str or None
        `domain`, `digits` or `salesforce_id`.
    format, timezone, decimal : str or None
        Of a date, an instant and a number.
    take : tuple of str
        Which value of a group counts: `min`, `max` or `first`; several words are values, of which
        the first that occurs counts. Empty if the value is part of the key.
    count : FieldName or None
        Field whose distinct values in a group are counted, and then forgotten.
    """

    fields: tuple[FieldName, ...] = ()
    const: str | None = None
    text: str | None = None
    first: tuple["Expression", ...] = ()
    lookup: str | None = None
    match: tuple[str, ...] = ()
    values: Mapping[str, str] | None = None
    otherwise: str | None = None
    split: str | None = None
    part: int | None = None
    form: str | None = None
    format: str | None = None
    timezone: str | None = None
    decimal: str | None = None
    take: tuple[str, ...] = ()
    count: FieldName | None = None

    @property
    def keeps_nothing(self) -> bool:
        """Whether nothing of the value itself reaches a table: only a match, count or domain."""
        return bool(self.match) or self.count is not None or self.form == "domain"


@dataclass(frozen=True, slots=True)
class Rule:
    """How rows of one input become rows of one table.

    Attributes
    ----------
    table, name : str
    source : str
        Name of the input.
    where : tuple of Condition
        All must hold.
    any_of : tuple of tuple of Condition
        One of the groups must hold, if there are any.
    group : bool
        Whether rows with the same key are put together.
    columns : mapping of str to Expression
    origin : str
        The file or preset that states it, for messages.
    own : bool
        Whether the user's own mapping states or changes it, so that its input must be there.
    """

    table: str
    name: str
    source: str
    where: tuple[Condition, ...] = ()
    any_of: Alternatives = ()
    group: bool = False
    columns: Mapping[str, Expression] = field(default_factory=dict)
    origin: str = ""
    own: bool = False

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition, those of `where` first."""
        return (*self.where, *(one for group in self.any_of for one in group))

    @property
    def path(self) -> str:
        """Where it stands in the file, such as `tables.deals.opportunity`."""
        return f"tables.{self.table}.{self.name}"


@dataclass(frozen=True, slots=True)
class Lookup:
    """A code list among the inputs: what a key stands for.

    Attributes
    ----------
    name, source : str
        Its own name, and the input it is read from.
    key, value : Expression
    where : tuple of Condition
    highest : Expression or None
        Of several rows with one key, the one with the highest number counts.
    """

    name: str
    source: str
    key: Expression
    value: Expression
    where: tuple[Condition, ...] = ()
    highest: Expression | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """Where a system states which records were merged into which."""

    source: str
    old: FieldName
    new: FieldName


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose ids partners have, and what else identifies them.

    Attributes
    ----------
    system : str
        System whose id is `partner_id`.
    source : str
        Input that lists the organisations, partners among them.
    systems : mapping of str to Expression
        Other identifiers of an organisation: system -> field of `source`.
    merged : Merged or None
    mentioned : {"add", "problem"}
        What a partner on a deal is that the rule of partners leaves out.
    """

    system: str = ""
    source: str = ""
    systems: Mapping[str, Expression] = field(default_factory=dict)
    merged: Merged | None = None
    mentioned: Literal["add", "problem"] = "problem"


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for all inputs.

    Attributes
    ----------
    timezone : str
        Name of the IANA database; an instant becomes its day there.
    date_order : {"dmy", "mdy"} or None
        Order of dates such as 03/04/2026, where the column itself does not show it.
    decimal : {".", ","} or None
        Decimal sign, where the column itself does not show it.
    currency : str or None
        Of amounts without one.
    encoding, delimiter : str or None
    personal : tuple of str
        Fields with personal data that are read nevertheless.
    repairs : tuple of str
        Repairs that are made.
    """

    timezone: str = "UTC"
    date_order: Literal["dmy", "mdy"] | None = None
    decimal: Literal[".", ","] | None = None
    currency: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    personal: tuple[str, ...] = ()
    repairs: tuple[str, ...] = REPAIRS


@dataclass(frozen=True, slots=True)
class InputMapping:
    """One input: how its files are found and read, and the other names of its fields.

    Attributes
    ----------
    name : str
    options : InputOptions
    recognise : tuple of str
        Fields that identify a file as this input, if no pattern names its files.
    fields : mapping of str to tuple of str
        Other names that a field goes by.
    complete : bool
        Whether it holds all rows there are, so that rows it no longer has are gone.
    """

    name: str
    options: InputOptions
    recognise: tuple[str, ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    complete: bool = False


@dataclass(frozen=True, slots=True)
class TableMapping:
    """A whole mapping: presets and the user's file together.

    Attributes
    ----------
    name : str
        File name of the user's mapping, or the presets, for messages.
    settings : Settings
    inputs : mapping of str to InputMapping
    lookups : mapping of str to Lookup
    identity : Identity
    rules : tuple of Rule
        In the order in which they are applied: by table, then as written.
    document : mapping
        The merged TOML, as used.
    presets : tuple of str
    """

    name: str
    settings: Settings
    inputs: Mapping[str, InputMapping]
    lookups: Mapping[str, Lookup]
    identity: Identity
    rules: tuple[Rule, ...]
    document: Mapping[str, object]
    presets: tuple[str, ...] = ()
