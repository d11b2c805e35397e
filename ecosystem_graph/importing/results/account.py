"""The account of an import: what was read, what was written, and why the rest was not."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from ecosystem_graph.importing.identity.match_rates import MatchRate


@dataclass(frozen=True, slots=True)
class InputAccount:
    """How one file or sheet was read.

    Attributes
    ----------
    input : str or None
        Name in the mapping; None if it was not used.
    file, sheet : str, str or None
    sha256 : str
        Of the file; empty for a dataframe or a database.
    encoding, delimiter : str
    header : tuple of int
        Rows of the header.
    rows : int
        Rows of data.
    left_out : dict of str to int
        Rows that are no data, by reason.
    read, never_read : tuple of str
        Columns that were read, and the others.
    """

    input: str | None
    file: str
    sheet: str | None
    sha256: str
    encoding: str
    delimiter: str
    header: tuple[int, ...]
    rows: int
    left_out: Mapping[str, int]
    read: tuple[str, ...]
    never_read: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RuleAccount:
    """What one rule made of its input: `read` is `written` and everything left out.

    Attributes
    ----------
    table, rule, input : str
    read : int
        Rows of the input.
    written : int
        Those that are in the table, in one row or several or together with others.
    rows : int
        Rows of the table that come from this rule.
    left_out : dict of str to int
        The other rows of the input, by reason.
    """

    table: str
    rule: str
    input: str
    read: int
    written: int
    rows: int
    left_out: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Account:
    """The account of an import, as `import.json` holds it.

    Attributes
    ----------
    inputs : tuple of InputAccount
    rules : tuple of RuleAccount
    tables : dict of str to int
        Rows of each table.
    repairs : dict of str to int
        What was repaired, by name of the repair.
    matches : tuple of MatchRate
        For each column that was matched.
    presets : tuple of str
    notes : tuple of str
    set_aside : dict of str to int
        Rows in quarantine, by table.
    versions : dict of str to str
    """

    inputs: tuple[InputAccount, ...] = ()
    rules: tuple[RuleAccount, ...] = ()
    tables: Mapping[str, int] = field(default_factory=dict)
    repairs: Mapping[str, int] = field(default_factory=dict)
    matches: tuple[MatchRate, ...] = ()
    presets: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    set_aside: Mapping[str, int] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Plain values, ready for JSON.

        Examples
        --------
        >>> Account(tables={"partners": 2}).to_dict()["tables"]
        {'partners': 2}
        """
        matches = {rate.target: rate.to_dict() for rate in self.matches}
        return {"schema": 1, "made_by": MADE_BY, **asdict(self), "matches": matches}


def with_earlier(account: Account, earlier: Mapping[str, Any]) -> Account:
    """Account of an update: what it read, and what earlier imports read that it did not.

    Parameters
    ----------
    account : Account
    earlier : mapping
        The earlier account, as `to_dict` returned it.
    """
    again = {one.input for one in account.inputs}
    inputs = [_input(one) for one in earlier.get("inputs", []) if one["input"] not in again]
    at_work = {(one.table, one.rule) for one in account.rules}
    rules = [
        RuleAccount(**one)
        for one in earlier.get("rules", [])
        if (one["table"], one["rule"]) not in at_work
    ]
    return replace(
        account,
        inputs=(*account.inputs, *inputs),
        rules=tuple(sorted([*account.rules, *rules], key=lambda one: (one.table, one.rule))),
    )


def _input(stated: Mapping[str, Any]) -> InputAccount:
    lists = ("header", "read", "never_read")
    return InputAccount(**{**stated, **{name: tuple(stated[name]) for name in lists}})


MADE_BY = "ecosystem-graph import"
