"""The folder of a finished run of teams."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ecosystem_graph.files.whole_folder import staged_folder
from ecosystem_graph.jobs.output import RUN, write_json
from ecosystem_graph.jobs.team_job import TeamRun


def write_team_run(run: TeamRun, target: Path, *, overwrite: bool = False) -> None:
    """Write `teams.jsonl`, `run.json` and `timings.json` to a folder, atomically.

    Raises
    ------
    OutputError
        If the folder exists and may not be replaced, or cannot be written.
    """
    with staged_folder(target, RUN, overwrite=overwrite) as folder:
        lines = [json.dumps(row, ensure_ascii=False) for row in team_rows(run)]
        (folder / "teams.jsonl").write_text("\n".join([*lines, ""]), encoding="utf-8")
        write_json(folder / "run.json", run.record)
        write_json(folder / "timings.json", run.timings)


def team_rows(run: TeamRun) -> list[dict[str, Any]]:
    """Teams as plain values, each with the id of its requirement, and `why_not` if requested."""
    answer = {} if run.why_not is None else {"why_not": asdict(run.why_not)}
    return [{"id": name, **team.as_dict(), **answer} for name, team in run.teams.items()]
