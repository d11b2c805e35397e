"""Recommends which channel partners should work together, and says why.

Names are imported when first asked for, so that `import ecosystem_graph` and the command line's
help cost next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING

from ecosystem_graph.printing import load_texts_by

if TYPE_CHECKING:
    from ecosystem_graph.errors import ArtifactError as ArtifactError
    from ecosystem_graph.errors import DataError as DataError
    from ecosystem_graph.errors import EcosystemGraphError as EcosystemGraphError
    from ecosystem_graph.errors import FinishedError as FinishedError
    from ecosystem_graph.errors import ForkedError as ForkedError
    from ecosystem_graph.errors import HistoryError as HistoryError
    from ecosystem_graph.errors import MappingError as MappingError
    from ecosystem_graph.errors import NotFittedError as NotFittedError
    from ecosystem_graph.errors import OutputError as OutputError
    from ecosystem_graph.errors import Problem as Problem
    from ecosystem_graph.errors import RequirementError as RequirementError
    from ecosystem_graph.errors import ScoreError as ScoreError
    from ecosystem_graph.errors import SignalError as SignalError
    from ecosystem_graph.errors import UnknownPartnerError as UnknownPartnerError
    from ecosystem_graph.errors import UnknownSignalError as UnknownSignalError
    from ecosystem_graph.errors import UnknownValueError as UnknownValueError
    from ecosystem_graph.evaluation import Backtest as Backtest
    from ecosystem_graph.evaluation import BacktestProtocol as BacktestProtocol
    from ecosystem_graph.evaluation import backtest as backtest
    from ecosystem_graph.exporting import export_recommendations as export_recommendations
    from ecosystem_graph.graph import EcosystemGraph as EcosystemGraph
    from ecosystem_graph.graph.networkx_view import from_networkx as from_networkx
    from ecosystem_graph.graph.networkx_view import to_networkx as to_networkx
    from ecosystem_graph.importing import Imported as Imported
    from ecosystem_graph.importing import SourceDescription as SourceDescription
    from ecosystem_graph.importing import describe_source as describe_source
    from ecosystem_graph.importing import import_tables as import_tables
    from ecosystem_graph.jobs import Backend as Backend
    from ecosystem_graph.jobs import Output as Output
    from ecosystem_graph.jobs import Run as Run
    from ecosystem_graph.jobs import Stages as Stages
    from ecosystem_graph.jobs import TeamOptions as TeamOptions
    from ecosystem_graph.jobs import TeamRun as TeamRun
    from ecosystem_graph.jobs import explain_pair as explain_pair
    from ecosystem_graph.jobs import form_teams as form_teams
    from ecosystem_graph.jobs import run as run
    from ecosystem_graph.jobs import train as train
    from ecosystem_graph.jobs import why_not_listed as why_not_listed
    from ecosystem_graph.jobs import write_team_run as write_team_run
    from ecosystem_graph.lists.listing import Listing as Listing
    from ecosystem_graph.lists.reranking import Reranking as Reranking
    from ecosystem_graph.lists.why_not import WhyNot as WhyNot
    from ecosystem_graph.progress import Progress as Progress
    from ecosystem_graph.ranking import Explanation as Explanation
    from ecosystem_graph.recommending import FittedModel as FittedModel
    from ecosystem_graph.recommending import GraphRanker as GraphRanker
    from ecosystem_graph.recommending import Recommender as Recommender
    from ecosystem_graph.recommending import Request as Request
    from ecosystem_graph.recommending import Requirement as Requirement
    from ecosystem_graph.recommending import load_model as load_model
    from ecosystem_graph.recommending import read_requirement as read_requirement
    from ecosystem_graph.recommending import save_model as save_model
    from ecosystem_graph.signals import PairTable as PairTable
    from ecosystem_graph.signals import Signal as Signal
    from ecosystem_graph.signals import register_signal as register_signal
    from ecosystem_graph.signals import registered_signal as registered_signal
    from ecosystem_graph.signals import unregister_signal as unregister_signal
    from ecosystem_graph.tables import Tables as Tables
    from ecosystem_graph.tables import check_tables as check_tables
    from ecosystem_graph.tables import load_dataset as load_dataset
    from ecosystem_graph.tables import read_tables as read_tables
    from ecosystem_graph.teams import Team as Team

    __version__: str

#: Public names by the module they come from.
_NAMES = {
    "errors": (
        "ArtifactError DataError EcosystemGraphError FinishedError ForkedError HistoryError "
        "MappingError NotFittedError OutputError Problem RequirementError ScoreError SignalError "
        "UnknownPartnerError UnknownSignalError UnknownValueError"
    ),
    "evaluation": "Backtest BacktestProtocol backtest",
    "exporting": "export_recommendations",
    "graph": "EcosystemGraph",
    "graph.networkx_view": "from_networkx to_networkx",
    "importing": "Imported SourceDescription describe_source import_tables",
    "jobs": (
        "Backend Output Run Stages TeamOptions TeamRun explain_pair form_teams run train "
        "why_not_listed write_team_run"
    ),
    "lists.listing": "Listing",
    "lists.reranking": "Reranking",
    "lists.why_not": "WhyNot",
    "progress": "Progress",
    "ranking": "Explanation",
    "recommending": (
        "FittedModel GraphRanker Recommender Request Requirement load_model read_requirement "
        "save_model"
    ),
    "signals": "PairTable Signal register_signal registered_signal unregister_signal",
    "tables": "Tables check_tables load_dataset read_tables",
    "teams": "Team",
}

_HOMES = {name: home for home, names in _NAMES.items() for name in names.split()}

__all__ = sorted([*_HOMES, "__version__"])


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("ecosystem-graph")
    if name in _HOMES:
        return getattr(import_module(f"ecosystem_graph.{_HOMES[name]}"), name)
    raise AttributeError(f"module 'ecosystem_graph' has no attribute {name!r}")


def __dir__() -> list[str]:
    return list(__all__)


def _load_texts() -> None:
    import ecosystem_graph.report  # noqa: F401  registers how results print


load_texts_by(_load_texts)
