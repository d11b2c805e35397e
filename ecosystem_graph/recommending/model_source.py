"""The model a job ranks with: a named one, one fitted to the tables, or the shipped default."""

import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ecosystem_graph.errors import ArtifactError, HistoryError
from ecosystem_graph.files.whole_file import seal, write_whole
from ecosystem_graph.files.whole_folder import folder_name
from ecosystem_graph.progress import Progress, silent
from ecosystem_graph.recommending.fitted_model import DEFAULTS, FittedModel
from ecosystem_graph.recommending.fitting import fit_model
from ecosystem_graph.recommending.model_files import load_model, load_model_for, save_model
from ecosystem_graph.tables import Tables

#: Reasons in the record for a model named in the request, and for one fitted to the tables.
ASKED_FOR, LEARNT = "asked for", "learnt from these tables"


@dataclass(frozen=True, slots=True)
class ChosenModel:
    """A model to rank with, and its facts for the record of a run.

    Attributes
    ----------
    model : FittedModel
    facts : dict
        Plain values: name, reason, day of fitting, digest of the weights.
    """

    model: FittedModel
    facts: dict[str, Any]


def choose_model(
    tables: Tables,
    as_of: date,
    name: str | None = None,
    *,
    seed: int = 0,
    for_requirements: bool = False,
    progress: Progress = silent,
) -> ChosenModel:
    """Choose the model that ranks.

    Parameters
    ----------
    tables : Tables
    as_of : datetime.date
        A model is fitted to events before this day only.
    name : str, optional
        A model's folder or the name of one that ships. By default one is fitted to the
        tables; if they hold too little history, `default` is used.
    seed : int, default 0
    for_requirements : bool, default False
        Whether the model must rank for customers' requirements.
    progress : Progress, optional

    Returns
    -------
    ChosenModel

    Raises
    ------
    ArtifactError
        If there is no model of that name.
    """
    if name is not None:
        return _chosen(load_model_for(name, tables), folder_name(name), ASKED_FOR, for_requirements)
    params = {**DEFAULTS, "random_state": seed}
    try:
        model = fit_model(
            tables, as_of, params, for_requirements=for_requirements, progress=progress
        )
        if for_requirements and model.requirement_ranker is None:
            raise HistoryError("too few deals name their lead to learn to rank for requirements.")
    except HistoryError as error:
        return _chosen(load_model_for("default", tables), "default", str(error), for_requirements)
    return _chosen(model, "fitted", LEARNT, for_requirements)


def _chosen(model: FittedModel, name: str, why: str, for_requirements: bool) -> ChosenModel:
    if for_requirements:
        probabilities = "none: rankings for a requirement are not calibrated"
    elif model.calibrations:
        probabilities = f"calibrated on past {' and '.join(sorted(model.calibrations))} pairs"
    else:
        probabilities = "none: the model is not calibrated on these tables"
    facts = {"name": name, "why": why, "fitted_as_of": model.fitted_as_of.isoformat()}
    facts["probabilities"] = probabilities
    if name != "fitted":
        facts["weights"] = model.digest()
    return ChosenModel(model, facts)


def kept_model(folder: Path, choose: Callable[[], ChosenModel]) -> ChosenModel:
    """The model stored in a folder, with its facts; chosen and stored if there is none.

    Parameters
    ----------
    folder : Path
        Holds `model`, and `model.json` with the facts once the model is complete.
    choose : callable
        Chooses the model; must choose the same one each time.

    Returns
    -------
    ChosenModel
    """
    path, mark = folder / "model", folder / "model.json"
    if mark.exists():
        with suppress(ArtifactError):
            return ChosenModel(load_model(path), json.loads(mark.read_text()))
    chosen = choose()
    shutil.rmtree(path, ignore_errors=True)
    save_model(chosen.model, path)
    for file in list(path.iterdir()):
        seal(file)
    write_whole(mark, lambda half: half.write_text(json.dumps(chosen.facts)))
    return chosen
