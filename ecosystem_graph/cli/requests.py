"""Options that make up a request, shared by the commands that rank."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from ecosystem_graph.cli.options import PLACES, Number, rest_days_option, stale_days_option

if TYPE_CHECKING:
    from ecosystem_graph.recommending import Request

Command = TypeVar("Command", bound=Callable[..., Any])

#: Options that decide who may be proposed, in the order of the help.
_FILTERS = (
    click.option(
        "--territory",
        multiple=True,
        help="Propose only collaborators in this territory; may be repeated.",
    ),
    click.option(
        "--type",
        "kind",
        multiple=True,
        help="Propose only collaborators of this type; may be repeated.",
    ),
    click.option(
        "--tier",
        multiple=True,
        help="Propose only collaborators of this tier; may be repeated.",
    ),
    click.option(
        "--country",
        multiple=True,
        help="Propose only collaborators from this country; may be repeated.",
    ),
    click.option(
        "--candidates",
        type=click.File(encoding="utf-8-sig"),
        metavar="FILE",
        help="Propose only the partners in this file, one id or exact name a line.",
    ),
    click.option(
        "--exclude",
        multiple=True,
        metavar="ID",
        help="Do not propose this partner (id or exact name); may be repeated.",
    ),
)

#: Options that decide what else a list contains, in the order of the help.
_LISTS = (
    click.option("--include-known", is_flag=True, help="Propose past collaborators too."),
    click.option(
        "--max-competition",
        type=Number(0, 1),
        metavar="X",
        help="Exclude candidates whose competition with the partner exceeds this, 0 to 1.",
    ),
    click.option(
        "--uplift-weight",
        type=Number(0, 1000),
        metavar="X",
        help="Weight of what an introduction adds, beside how likely the two are to work together; "
        "0 ranks by likelihood alone.  [default: the model's]",
    ),
    click.option(
        "--reciprocal", is_flag=True, help="Rank by the gains of both partners, besides the score."
    ),
    click.option(
        "--diverse", is_flag=True, help="Diversify each list: lower near-duplicates (MMR)."
    ),
    click.option(
        "--capacity",
        type=PLACES,
        metavar="N",
        help="Default capacity: lists a partner may appear in if the tables give no "
        "intro_capacity.  [default: the median of those given]",
    ),
    click.option(
        "--exposure-price",
        type=Number(0, 10),
        metavar="X",
        default=0.0,
        help="Penalty on over-exposed partners, in log-odds per e-fold of expected exposure.",
    ),
    rest_days_option,
    stale_days_option,
)

#: Names of options that differ from the field of the request they set.
_FIELDS = {"territory": "territories", "kind": "types", "tier": "tiers", "country": "countries"}


def _with(options: Iterable[Callable[[Any], Any]]) -> Callable[[Command], Command]:
    def decorate(command: Command) -> Command:
        for option in reversed(tuple(options)):
            command = option(command)
        return command

    return decorate


filter_options = _with(_FILTERS)
list_options = _with((*_FILTERS, *_LISTS))


def request_of(options: dict[str, Any], **more: Any) -> "Request":
    """Request made of the options of a command, which are taken out of the mapping.

    Parameters
    ----------
    options : dict
        Values of options by name; those that are not about the request stay.
    **more
        Further fields of the request.

    Raises
    ------
    click.UsageError
        If the request is refused.
    """
    from dataclasses import fields

    from ecosystem_graph.lists.reranking import Reranking
    from ecosystem_graph.recommending import Request

    for option, field in _FIELDS.items():
        if option in options:
            more[field] = options.pop(option)
    if "candidates" in options:
        listed = options.pop("candidates")
        more["candidates"] = None if listed is None else lines_of(listed, "--candidates")
    known = {field.name for field in (*fields(Request), *fields(Reranking))}
    more |= {name: options.pop(name) for name in list(options) if name in known}
    try:
        return Request.of(**more)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def check_not_reordered(request: "Request") -> None:
    """Refuse options that reorder lists where there is one list, for a requirement.

    Raises
    ------
    click.UsageError
    """
    names = request.reranking.requested()
    if request.for_requirement and names:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in names)
        raise click.UsageError(f"{options} cannot be combined with --deal or --requirement.")


def lines_of(file: TextIO, option: str) -> list[str]:
    """Lines of a file that hold something, which must be some."""
    try:
        lines = [line.strip() for line in file if line.strip()]
    except UnicodeDecodeError as error:
        raise click.BadParameter(f"not UTF-8 text: {error}.", param_hint=f"'{option}'") from error
    if not lines:
        raise click.BadParameter("it names no partner.", param_hint=f"'{option}'")
    return lines
