"""Fitted models, and requests to them."""

from ecosystem_graph.recommending.fitted_model import FittedModel
from ecosystem_graph.recommending.graph_ranker import GraphRanker
from ecosystem_graph.recommending.model_files import load_model, load_model_for, save_model
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.recommending.requests.request import Request
from ecosystem_graph.recommending.requests.requirement import Requirement, read_requirement

__all__ = [
    "FittedModel",
    "GraphRanker",
    "Recommender",
    "Request",
    "Requirement",
    "load_model",
    "load_model_for",
    "read_requirement",
    "save_model",
]
