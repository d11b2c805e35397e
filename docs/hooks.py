"""Reference pages written from the code at build time, so that they cannot fall behind it.

A page asks for one with a line of its own, such as ``<!-- generated: commands -->``. The same
functions are what tests read; a public name without documentation stops the build.
"""

import inspect
import re
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from typing import Any, Final

import click

import ecosystem_graph
from ecosystem_graph.cli import main

try:
    import griffe
except ModuleNotFoundError:  # tests read these pages without what builds the site
    griffe = None

MARK: Final = re.compile(r"^<!-- generated: ([a-z]+) -->$", re.MULTILINE)

#: Read where the pages are about groups of names, in the order of the page.
GROUPS: Final = {
    "Tables": ("read_tables", "check_tables", "load_dataset", "Tables", "Problem"),
    "The graph": ("EcosystemGraph", "to_networkx", "from_networkx"),
    "Ranking": (
        "Recommender",
        "FittedModel",
        "load_model",
        "save_model",
        "GraphRanker",
        "Listing",
        "Explanation",
        "WhyNot",
    ),
    "What is asked for": ("Request", "Reranking", "Requirement", "read_requirement"),
    "Jobs": (
        "run",
        "Run",
        "Output",
        "Backend",
        "train",
        "explain_pair",
        "why_not_listed",
        "Progress",
        "Stages",
    ),
    "Teams": ("form_teams", "TeamOptions", "TeamRun", "Team", "write_team_run"),
    "Back-tests": ("backtest", "BacktestProtocol", "Backtest"),
    "Signals": (
        "Signal",
        "PairTable",
        "PairFeatures",
        "GraphFeatures",
        "register_signal",
        "registered_signal",
        "unregister_signal",
    ),
}


#: Methods that speak of partners by position, for the package's own floors: not on the page.
IN_POSITIONS: Final = {
    "GraphRanker": ("builder", "policy", "requirement_ranker", "requirement_scorer", "scorer")
}


def on_page_markdown(markdown: str, **_: Any) -> str:
    """Put generated text where a page asks for it."""
    return MARK.sub(lambda found: GENERATED[found[1]](), markdown)


def commands() -> str:
    """Every command: usage, what it does, its arguments and options."""
    return "\n\n".join(_command(name, command) for name, command in main.commands.items())


def _command(name: str, command: click.Command) -> str:
    with click.Context(command, info_name=f"ecosystem-graph {name}") as ctx:
        usage = command.get_usage(ctx).removeprefix("Usage: ")
        rows = [_option(option, ctx) for option in command.get_params(ctx) if _is_option(option)]
    text, _, examples = inspect.cleandoc(command.help or "").partition("\b\nExample")
    lines = [
        f"## {name} {{ #{name} }}",
        f"```text\n{' '.join(usage.split())}\n```",
        re.sub(r"(?<![`\w])(--[a-z-]+)", r"`\1`", text.strip()),
    ]
    if examples:
        shown = inspect.cleandoc("\n" + examples.partition("\n")[2])
        lines.append(f"```sh\n{shown}\n```")
    if rows:
        lines.append("| option | meaning |\n|---|---|\n" + "\n".join(rows))
    return "\n\n".join(lines)


def _is_option(param: click.Parameter) -> bool:
    return isinstance(param, click.Option) and not param.hidden and "--help" not in param.opts


def _option(option: click.Parameter, ctx: click.Context) -> str:
    names, text = option.get_help_record(ctx) or ("", "")
    return f"| `{names}` | {_marked_up(text)} |"


def _marked_up(text: str) -> str:
    """Help text as Markdown on one line: options as code, brackets as they stand."""
    coded = re.sub(r"(?<![`\w])(--[a-z-]+)", r"`\1`", " ".join(text.split()))
    return re.sub(r"[\[\]<>|]", lambda found: f"&#{ord(found[0])};", coded)


def tables() -> str:
    """The data dictionary as a section: without its title, its tables one level lower."""
    from ecosystem_graph.tables.packaging.template import data_dictionary

    return data_dictionary().partition("\n")[2].replace("\n## ", "\n### ")


def signals() -> str:
    """Every signal by group, then those of a requirement: description, unit, weight."""
    from ecosystem_graph.signals import REQUIREMENT_SIGNALS, SIGNALS

    groups: dict[str, list[Any]] = {}
    for signal in SIGNALS.values():
        groups.setdefault(signal.group, []).append(signal)
    groups["requirements"] = list(REQUIREMENT_SIGNALS.values())
    head = "| signal | description | unit | weight |\n|---|---|---|---|\n"
    return "\n\n".join(
        f"## {group} {{ #{group} }}\n\n{head}" + "\n".join(map(_signal, some))
        for group, some in groups.items()
    )


def _signal(signal: Any) -> str:
    weight = "learnt" if signal.learnt else "priced" if signal.direction < 0 else "not learnt"
    bound = {1: ", never below 0", -1: ", never above 0", 0: ""}[signal.direction]
    return f"| `{signal.name}` | {signal.description} | {signal.unit} | {weight}{bound} |"


def names() -> str:
    """Where mkdocstrings finds every public name that is no exception, group by group."""
    lacking = [line for name in public() for line in undocumented(name)]
    if lacking:
        raise ValueError("public, but without documentation: " + ", ".join(lacking))
    grouped = {name for group in GROUPS.values() for name in group}
    others = tuple(name for name in public() if name not in grouped and not _is_error(name))
    sections = {**GROUPS, "Others": others}
    return "\n\n".join(
        "\n\n".join([f"## {title}", *(_reference(name) for name in group if name in public())])
        for title, group in sections.items()
        if any(name in public() for name in group)
    )


def errors() -> str:
    """Where mkdocstrings finds every public exception."""
    return "\n\n".join(_reference(name) for name in public() if _is_error(name))


def _reference(name: str) -> str:
    home = getattr(ecosystem_graph, name)
    options = (
        f'    options:\n      heading: "{name}"\n      toc_label: "{name}"\n      heading_level: 3'
    )
    if name in IN_POSITIONS:
        options += f'\n      filters: ["!^_", "!^({"|".join(IN_POSITIONS[name])})$"]'
    return f"::: {home.__module__}.{home.__qualname__}\n{options}"


def public() -> list[str]:
    """Names that a program may rely on, dunders apart."""
    return [name for name in ecosystem_graph.__all__ if not name.startswith("__")]


def _is_error(name: str) -> bool:
    home = getattr(ecosystem_graph, name)
    return isinstance(home, type) and issubclass(home, Exception)


def undocumented(name: str) -> list[str]:
    """What of a public name has no documentation: itself, its methods, its fields."""
    home = getattr(ecosystem_graph, name)
    lacking = [] if _documented(home) else [name]
    if isinstance(home, type):
        lacking += [f"{name}.{member}" for member in _members_without(home)]
        if is_dataclass(home):
            told = home.__doc__ or ""
            shown = [field.name for field in fields(home) if not field.name.startswith("_")]
            lacking += [
                f"{name}.{field}" for field in shown if not re.search(rf"\b{field}\b", told)
            ]
    return lacking


def _documented(thing: object) -> bool:
    """Whether there is a sentence of its own: a dataclass without one is given a signature."""
    text = getattr(thing, "__doc__", None) or ""
    return bool(text.strip()) and not text.startswith(f"{getattr(thing, '__name__', '')}(")


def _members_without(home: type) -> Iterator[str]:
    for member, value in vars(home).items():
        read = callable(value) or isinstance(value, property)
        if read and not member.startswith("_") and not _documented(value):
            yield member


GENERATED: Final[dict[str, Callable[[], str]]] = {
    "commands": commands,
    "errors": errors,
    "names": names,
    "signals": signals,
    "tables": tables,
}

if griffe is not None:

    class Roles(griffe.Extension):
        """Reads the roles in docstrings as plain code, which mkdocstrings does not."""

        def on_object(self, *, obj: griffe.Object, **_: Any) -> None:
            """Turn ``:meth:`Tables.x``` into ```Tables.x```."""
            if obj.docstring:
                obj.docstring.value = re.sub(r":[a-z:]+:`~?([^`]+)`", r"`\1`", obj.docstring.value)
