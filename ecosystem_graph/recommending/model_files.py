"""Models as folders of numbers and text, which contain no code."""

import json
from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from importlib.metadata import version
from os import PathLike
from pathlib import Path
from typing import Any, cast, get_args

import numpy as np
from numpy.typing import NDArray

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.files.folder_kind import FolderKind
from ecosystem_graph.files.small_files import json_from, read_text, toml_from
from ecosystem_graph.files.whole_folder import staged_folder
from ecosystem_graph.ranking import AdditiveRanker, Calibration, Scale, Task
from ecosystem_graph.recommending.fitted_model import REQUIREMENT, FittedModel
from ecosystem_graph.recommending.model_card import model_card
from ecosystem_graph.recommending.value_files import (
    assumptions,
    sizes,
    value_arrays,
    value_facts,
    value_models,
)
from ecosystem_graph.recommending.weights_file import Weights, read_weights, write_weights
from ecosystem_graph.signals import ALL_SIGNALS
from ecosystem_graph.signals.registry import check_registered, registered_facts
from ecosystem_graph.tables import Tables, as_date, did_you_mean
from ecosystem_graph.tables.packaging.shipped import shipped

MODEL = FolderKind(
    "a model",
    "manifest.json",
    {"format": None, "tasks": None},
    frozenset({"manifest.json", "recipe.toml", "weights.npz", "MODEL_CARD.md"}),
)

#: Version of the format; raised when older models can no longer be read.
FORMAT = 5

#: Bytes of a recipe, and of a manifest with its figures, at most.
_RECIPE, _MANIFEST = 16_000, 4_000_000

#: Steps of a calibration, at most.
_STEPS = 1_000

#: Largest weight, so that scores are exact sums.
_HEAVIEST = 1e4

#: Arrays of the scale a ranker was fitted on, for the record: each graph has its own scale.
_SCALE = ("typical", "centre", "spread")

#: Arrays of a ranker, one value for each signal, that apply to any graph.
_LEARNT = ("coefficients", "least", "most")

#: Key of a manifest for signals that are not part of the package.
_REGISTERED = "registered_signals"

#: Arrays of a calibration.
_CALIBRATION = ("above", "probability", "low", "high", "n")


def save_model(model: FittedModel, path: str | PathLike[str], *, overwrite: bool = False) -> None:
    """Write a fitted model to a folder: weights as plain numbers, everything else as text.

    ``recipe.toml`` holds the parameters, ``weights.npz`` the numbers, ``manifest.json`` their
    meaning and origin, ``MODEL_CARD.md`` the same as readable text.

    Raises
    ------
    OutputError
        If the folder exists, unless `overwrite`, or cannot be written.
    """
    with staged_folder(Path(path), MODEL, overwrite=overwrite) as folder:
        parameters = sorted(model.params.items())
        plain = {name: np.asarray(value).item() for name, value in parameters}
        lines = [f"{name} = {json.dumps(value)}" for name, value in plain.items()]
        recipe = "\n".join(["[recommender]", *lines, *assumptions(model.winning), ""])
        (folder / "recipe.toml").write_text(recipe, encoding="utf-8")
        value = {"winning": model.winning, "accepting": model.accepting}
        weights = value_arrays(value)
        rankers = model.all_rankers()
        for task, ranker in rankers.items():
            for name in _SCALE:
                weights[f"{task}.{name}"] = getattr(ranker.scale, name)
            for name in _LEARNT:
                weights[f"{task}.{name}"] = getattr(ranker, name)
            weights[f"{task}.intercept"] = np.array(ranker.intercept)
        for task, calibration in model.calibrations.items():
            for name in _CALIBRATION:
                weights[f"{task}.calibration.{name}"] = getattr(calibration, name)
        digest = write_weights(folder / "weights.npz", weights)
        manifest = {
            "format": FORMAT,
            "ecosystem_graph": version("ecosystem-graph"),
            "fitted_on": Path(model.fitted_on).name,
            "fitted_as_of": model.fitted_as_of.isoformat(),
            "figures": model.figures,
            "calibrated": sorted(model.calibrations),
            "tasks": {task: list(ranker.names) for task, ranker in rankers.items()},
            "value": value_facts(value),
            **_registered(rankers.values()),
            "weights_sha256": digest,
        }
        text = json.dumps(manifest, indent=2) + "\n"
        (folder / "manifest.json").write_text(text, encoding="utf-8")
        (folder / "MODEL_CARD.md").write_text(
            model_card(manifest, rankers, value), encoding="utf-8"
        )


def load_model(path: str | PathLike[str]) -> FittedModel:
    """Read a model from a folder, or a shipped model by its name.

    Raises
    ------
    ArtifactError
        If there is no such model, or its files are invalid.
    """
    folder = _found(path)
    try:
        recipe = _parsed(folder / "recipe.toml", toml_from, _RECIPE)["recommender"]
        manifest = _parsed(folder / "manifest.json", json_from, _MANIFEST)
        if manifest["format"] != FORMAT:
            raise ArtifactError(
                f"{folder} is a model of format {manifest['format']!r:.40}; this version reads "
                f"{FORMAT}: train it again."
            )
        tasks = {task: _names(task, names) for task, names in dict(manifest["tasks"]).items()}
        calibrated = list(manifest["calibrated"])
        _check_manifest(tasks, calibrated, manifest)
        check_registered(manifest.get(_REGISTERED, {}))
        most = {name: len(names) for task, names in tasks.items() for name in _of_ranker(task)}
        most |= {name: _STEPS for task in calibrated for name in _of_calibration(task)}
        most |= sizes(manifest["value"])
        weights = read_weights(folder / "weights.npz", manifest["weights_sha256"], most)
        rankers = {task: _ranker(task, names, weights) for task, names in tasks.items()}
        calibrations = {task: _calibration(task, weights) for task in calibrated}
        requirement_ranker = rankers.pop(REQUIREMENT, None)
        return FittedModel(
            params=recipe,
            rankers=cast("dict[Task, AdditiveRanker]", rankers),
            calibrations=cast("dict[Task, Calibration]", calibrations),
            requirement_ranker=requirement_ranker,
            fitted_as_of=as_date(manifest["fitted_as_of"]),
            fitted_on=manifest["fitted_on"],
            figures=manifest["figures"],
            **value_models(manifest["value"], weights),
        )
    except KeyError as error:
        raise ArtifactError(
            f"{folder} is not a model that can be read: it has no {error}."
        ) from error
    except (OSError, TypeError, ValueError, AttributeError) as error:
        raise ArtifactError(f"{folder} is not a model that can be read: {error}") from error


def _registered(rankers: Iterable[AdditiveRanker]) -> dict[str, Any]:
    """Facts about signals of the model that are not part of the package, if it has any."""
    facts = registered_facts(name for ranker in rankers for name in ranker.names)
    return {_REGISTERED: facts} if facts else {}


def _parsed(path: Path, parsed: Callable[[str], Any], limit: int) -> Any:
    if not path.is_file():
        raise ValueError(f"{path.name} is missing")
    return parsed(read_text(path, limit=limit))


def _check_manifest(tasks: Collection[str], calibrated: Collection[str], manifest: Any) -> None:
    """Refuse a manifest with invalid tasks, source or figures."""
    pair_tasks = get_args(Task)
    if "new" not in tasks:
        raise ValueError("it has no ranker of new collaborators")
    if not {*pair_tasks, REQUIREMENT}.issuperset(tasks) or not set(pair_tasks).intersection(
        tasks
    ).issuperset(calibrated):
        raise ValueError(f"its tasks must be among {', '.join(pair_tasks)} and {REQUIREMENT}")
    if not isinstance(manifest["fitted_on"], str):
        raise ValueError("fitted_on must be text")
    if not isinstance(manifest["figures"], dict | None):
        raise ValueError("figures must be an object, or null")


def _names(task: str, names: Any) -> tuple[str, ...]:
    """Signals of a ranker, checked to be in the order of all signals, each once."""
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError(f"{task} must list its signals")
    if unknown := [name for name in names if name not in ALL_SIGNALS]:
        raise ArtifactError(
            f"the model weighs signals that are not registered: {', '.join(unknown)[:80]}. Call "
            "register_signal with each of them, then load it again."
        )
    if names != [name for name in ALL_SIGNALS if name in names]:
        raise ValueError(f"signals of {task} are not in their order, each once")
    return tuple(names)


def _of_ranker(task: str) -> list[str]:
    return [f"{task}.{name}" for name in (*_SCALE, *_LEARNT, "intercept")]


def _of_calibration(task: str) -> list[str]:
    return [f"{task}.calibration.{name}" for name in _CALIBRATION]


def load_model_for(path: str, tables: Tables) -> FittedModel:
    """Read a model to use on tables; a shipped model is calibrated only on its own dataset.

    The calibration of scores on one ecosystem is not valid on another.
    """
    model = load_model(path)
    if path in shipped_models() and model.fitted_on != Path(tables.source).name:
        return replace(model, calibrations={})
    return model


def describe_models() -> list[dict[str, Any]]:
    """Facts about each shipped model: name, source, day of fitting, tasks and figures."""
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
    """Names of the shipped models."""
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


def _ranker(task: str, names: tuple[str, ...], weights: Weights) -> AdditiveRanker:
    arrays = {name: _floats(weights, f"{task}.{name}") for name in (*_SCALE, *_LEARNT)}
    intercept = _floats(weights, f"{task}.intercept")
    for name, array in arrays.items():
        if array.shape != (len(names),):
            raise ValueError(f"{task}.{name} must be {len(names)} finite numbers")
    if intercept.shape != ():
        raise ValueError(f"{task}.intercept must be a finite number")
    if not all((arrays[name] > 0).all() for name in ("typical", "spread")):
        raise ValueError(f"{task}.typical and {task}.spread must be positive")
    heaviest = max(np.abs(arrays["coefficients"]).max(initial=0.0), abs(float(intercept)))
    if heaviest > _HEAVIEST:
        raise ValueError(f"{task}.coefficients and {task}.intercept must be within {_HEAVIEST:,}")
    if (arrays["least"] > arrays["most"]).any():
        raise ValueError(f"{task}.least must not exceed {task}.most")
    coefficients, least, most = (arrays.pop(name) for name in _LEARNT)
    scale = Scale(names, **arrays)
    return AdditiveRanker(names, coefficients, float(intercept), scale, least, most)


def _floats(weights: Weights, name: str) -> NDArray[np.float64]:
    return weights[name].astype(np.float64)


def _calibration(task: str, weights: Weights) -> Calibration:
    arrays: dict[str, Any] = {
        name: _floats(weights, f"{task}.calibration.{name}") for name in _CALIBRATION
    }
    shape = arrays["above"].shape
    for name, array in arrays.items():
        if array.shape != shape or array.ndim != 1 or not len(array):
            raise ValueError(
                f"{task}.calibration.{name} must be as many numbers as there are steps"
            )
    chances = np.stack([arrays[name] for name in ("low", "probability", "high")])
    if (np.diff(chances, axis=0) < 0).any() or chances.min() < 0 or chances.max() > 1:
        raise ValueError(f"{task}.calibration must be probabilities between their bounds")
    if (np.diff(arrays["above"]) < 0).any():
        raise ValueError(f"{task}.calibration.above must ascend")
    if (arrays["n"] < 1).any():
        raise ValueError(f"{task}.calibration.n must be 1 or more pairs behind each step")
    return Calibration(**arrays | {"n": arrays["n"].astype(np.int64)})
