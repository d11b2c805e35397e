"""The model a job is done with: the one asked for, one learnt now, or the one that ships."""

import hashlib
import json
import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any

from ecosystem_graph.errors import ArtifactError, HistoryError
from ecosystem_graph.files.whole_file import seal, write_whole
from ecosystem_graph.files.whole_folder import folder_name
from ecosystem_graph.recommending.model_files import load_for, rankers_of
from ecosystem_graph.recommending.recommender import Recommender
from ecosystem_graph.tables import Tables

#: Why a model is used that somebody named, and one that nobody did.
ASKED_FOR, LEARNT = "asked for", "learnt from these tables"


def recommender_for(
    tables: Tables, as_of: date, model: str | None, seed: int, *, for_need: bool = False
) -> tuple[Recommender, dict[str, Any]]:
    """The model that ranks, and what a record says about it.

    Parameters
    ----------
    tables : Tables
    as_of : datetime.date
        Nothing dated on or after it is learnt from.
    model : str or None
        A model's folder or the name of one that ships. Without it one is fitted to the tables,
        or `default` is taken where they hold too little history.
    seed : int
    for_need : bool, default False
        Whether it is to rank for a customer's need.

    Returns
    -------
    Recommender
    dict
        Plain values.
    """
    if model is not None:
        recommender = load_for(Recommender, model, tables)
        name, why = folder_name(model), ASKED_FOR
    else:
        try:
            recommender = Recommender(random_state=seed).fit(tables, as_of, for_needs=for_need)
            name, why = "fitted", LEARNT
        except HistoryError as error:
            recommender = load_for(Recommender, "default", tables)
            name, why = "default", str(error)
    told = {"name": name, "why": why, "fitted_as_of": recommender.fitted_as_of_.isoformat()}
    told["probabilities"] = (
        "none: for a requirement the order is learnt, not how often it comes true"
        if for_need
        else f"from what came of {', '.join(sorted(recommender.calibrations_))} pairs"
        if recommender.calibrations_
        else "none: not enough history here to say how often scores come true"
    )
    if name != "fitted":
        told["weights"] = weights_digest(recommender)
    return recommender, told


def kept_recommender(
    folder: Path, chosen: Callable[[], tuple[Recommender, dict[str, Any]]]
) -> tuple[Recommender, dict[str, Any]]:
    """The model kept in a folder and what a record says about it; chosen now if none is whole.

    Parameters
    ----------
    folder : Path
        Gets `model`, and `model.json` with what is said about it; nothing in it was changed.
    chosen : callable
        Chooses one, the same each time.

    Returns
    -------
    Recommender
    dict
        Plain values.
    """
    model, mark = folder / "model", folder / "model.json"
    if mark.exists():
        with suppress(ArtifactError):
            return Recommender.load(model), json.loads(mark.read_text())
    recommender, told = chosen()
    shutil.rmtree(model, ignore_errors=True)
    recommender.save(model)
    for path in list(model.iterdir()):
        seal(path)
    write_whole(mark, lambda half: half.write_text(json.dumps(told)))
    return recommender, told


def weights_digest(recommender: Recommender) -> str:
    """SHA-256 of everything that was learnt."""
    digest = hashlib.sha256()
    for task, ranker in sorted(rankers_of(recommender).items()):
        digest.update(repr((task, ranker.names, ranker.intercept)).encode())
        for learnt in (ranker.coefficients, ranker.least, ranker.most):
            digest.update(learnt.tobytes())
    for task, calibration in sorted(recommender.calibrations_.items()):
        digest.update(task.encode())
        digest.update(calibration.above.tobytes() + calibration.probability.tobytes())
    return digest.hexdigest()
