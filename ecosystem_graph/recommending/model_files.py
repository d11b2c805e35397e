"""Models as folders of plain numbers and readable text: nothing in them can run."""

import json
import tomllib
from datetime import date
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.ranking import AdditiveRanker, Calibration, Scale, Task
from ecosystem_graph.recommending.folder_kinds import MODEL
from ecosystem_graph.recommending.model_card import model_card
from ecosystem_graph.recommending.publishing import published
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.signals import ALL_SIGNALS
from ecosystem_graph.tables import Tables, did_you_mean
from ecosystem_graph.tables.shipped import shipped

#: Raised whenever a model written before could no longer be read.
FORMAT = 2

#: The task of ranking for a customer's need.
_NEED = "requirement"

#: Numbers of a ranker's scale, kept for the record: a graph that is ranked has its own.
_SCALE = ("typical", "centre", "spread")

#: Numbers of a calibration.
_CALIBRATION = ("above", "probability", "low", "high", "n")


def save(recommender: Recommender, path: str | PathLike[str], *, overwrite: bool = False) -> None:
    """Write a fitted recommender to a folder.

    ``recipe.toml`` holds the constructor's arguments, ``weights.npz`` the numbers,
    ``manifest.json`` what they are and where they come from, ``MODEL_CARD.md`` the same to read.

    Raises
    ------
    OutputError
        If the folder exists, unless `overwrite`, or cannot be written.
    """
    with published(Path(path), MODEL, overwrite=overwrite) as folder:
        parameters = recommender.get_params()
        lines = [f"{name} = {json.dumps(value)}" for name, value in sorted(parameters.items())]
        (folder / "recipe.toml").write_text("\n".join(["[recommender]", *lines, ""]))
        weights: dict[str, NDArray[np.float64]] = {}
        rankers = rankers_of(recommender)
        for task, ranker in rankers.items():
            for name in _SCALE:
                weights[f"{task}.{name}"] = getattr(ranker.scale, name)
            weights[f"{task}.coefficients"] = ranker.coefficients
            weights[f"{task}.intercept"] = np.array(ranker.intercept)
        for task, calibration in recommender.calibrations_.items():
            for name in _CALIBRATION:
                weights[f"{task}.calibration.{name}"] = getattr(calibration, name)
        np.savez(folder / "weights.npz", allow_pickle=False, **weights)
        manifest = {
            "format": FORMAT,
            "ecosystem_graph": version("ecosystem-graph"),
            "fitted_on": Path(recommender.fitted_on_).name,
            "fitted_as_of": recommender.fitted_as_of_.isoformat(),
            "figures": getattr(recommender, "figures_", None),
            "calibrated": sorted(recommender.calibrations_),
            "tasks": {task: list(ranker.names) for task, ranker in rankers.items()},
        }
        (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
        (folder / "MODEL_CARD.md").write_text(model_card(manifest, rankers))


def rankers_of(recommender: Recommender) -> dict[str, AdditiveRanker]:
    """Every ranker of a model by the task it is for."""
    rankers = {str(task): ranker for task, ranker in recommender.rankers_.items()}
    if recommender.need_ranker_ is not None:
        rankers[_NEED] = recommender.need_ranker_
    return rankers


def load(kind: type[Recommender], path: str | PathLike[str]) -> Recommender:
    """Read a recommender from a folder, or from the models that ship.

    Raises
    ------
    ArtifactError
        If there is no such model, or it is not what it says it is.
    """
    folder = _found(path)
    try:
        recipe = tomllib.loads((folder / "recipe.toml").read_text())["recommender"]
        manifest = json.loads((folder / "manifest.json").read_text())
        if manifest["format"] != FORMAT:
            raise ArtifactError(
                f"{folder} is a model of format {manifest['format']}; this version reads {FORMAT}."
            )
        with (
            (folder / "weights.npz").open("rb") as stream,
            np.load(stream, allow_pickle=False) as weights,
        ):
            rankers = {
                task: _ranker(task, tuple(names), weights)
                for task, names in dict(manifest["tasks"]).items()
            }
            calibrations = {task: _calibration(task, weights) for task in manifest["calibrated"]}
        if "new" not in rankers:
            raise ValueError("it has no ranker of new collaborators")
        recommender = kind(**recipe)
        recommender.fitted_as_of_ = date.fromisoformat(manifest["fitted_as_of"])
        recommender.fitted_on_ = str(manifest["fitted_on"])
        recommender.figures_ = manifest["figures"]
    except (OSError, KeyError, TypeError, ValueError, AttributeError, BadZipFile) as error:
        raise ArtifactError(f"{folder} is not a model that can be read: {error}") from error
    recommender.need_ranker_ = rankers.pop(_NEED, None)
    recommender.rankers_, recommender.calibrations_ = rankers, calibrations
    return recommender


def load_for(kind: type[Recommender], path: str, tables: Tables) -> Recommender:
    """Read a recommender to use on tables; one that ships keeps its probabilities on its own only.

    How often its scores came true where it learnt says nothing about another ecosystem.
    """
    recommender = load(kind, path)
    if path in shipped_models() and recommender.fitted_on_ != Path(tables.source).name:
        recommender.calibrations_ = {}
    return recommender


def describe_models() -> list[dict[str, Any]]:
    """Facts about each model that ships: name, what it learnt from, until when, and for what."""
    facts = []
    for name in shipped_models():
        manifest = json.loads((shipped("models") / name / "manifest.json").read_text())
        facts.append(
            {
                "name": name,
                "fitted_on": manifest["fitted_on"],
                "fitted_as_of": manifest["fitted_as_of"],
                "tasks": sorted(manifest["tasks"]),
                "figures": manifest["figures"],
            }
        )
    return facts


def shipped_models() -> list[str]:
    """Names of the models that ship."""
    return sorted(path.parent.name for path in shipped("models").glob("*/manifest.json"))


def _found(path: str | PathLike[str]) -> Path:
    folder = Path(path)
    if (folder / "manifest.json").is_file():
        return folder
    ships = shipped_models()
    if str(path) in ships:
        return shipped("models") / str(path)
    raise ArtifactError(
        f"no model {str(path)!r}: neither a folder with a manifest.json nor one that ships "
        f"({', '.join(ships)}).{did_you_mean(str(path), ships)}"
    )


def _ranker(task: Task, names: tuple[str, ...], weights: Any) -> AdditiveRanker:
    if unknown := [name for name in names if name not in ALL_SIGNALS]:
        raise ValueError(f"it uses signals this version does not have: {', '.join(unknown)}")
    arrays = {name: weights[f"{task}.{name}"] for name in (*_SCALE, "coefficients")}
    for name, array in arrays.items():
        if array.shape != (len(names),) or not np.isfinite(array).all():
            raise ValueError(f"{task}.{name} must be {len(names)} finite numbers")
    if not (arrays["typical"] > 0).all() or not (arrays["spread"] > 0).all():
        raise ValueError(f"{task}.typical and {task}.spread must be positive")
    intercept = float(weights[f"{task}.intercept"])
    if not np.isfinite(intercept):
        raise ValueError(f"{task}.intercept must be a finite number")
    coefficients = arrays.pop("coefficients")
    return AdditiveRanker(names, coefficients, intercept, Scale(names, **arrays))


def _calibration(task: Task, weights: Any) -> Calibration:
    arrays = {name: weights[f"{task}.calibration.{name}"] for name in _CALIBRATION}
    shape = arrays["above"].shape
    for name, array in arrays.items():
        if array.shape != shape or array.ndim != 1 or not len(array):
            raise ValueError(
                f"{task}.calibration.{name} must be as many numbers as there are steps"
            )
        if not np.isfinite(array).all():
            raise ValueError(f"{task}.calibration.{name} must be finite")
    chances = np.stack([arrays[name] for name in ("low", "probability", "high")])
    if (np.diff(chances, axis=0) < 0).any() or chances.min() < 0 or chances.max() > 1:
        raise ValueError(f"{task}.calibration must be probabilities between their bounds")
    if (np.diff(arrays["above"]) < 0).any():
        raise ValueError(f"{task}.calibration.above must ascend")
    return Calibration(**arrays)
