import os
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.wheel

ROOT = Path(__file__).parents[1]
PIP = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([*PIP, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel in it and nothing else, and an empty folder to run from."""
    venv = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", venv], check=True)
    constraints = ROOT / "constraints.txt"
    pip = [venv / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "install", "--constraint", constraints, wheel], check=True)
    return venv / "bin"


def test_the_wheel_brings_one_top_level_name(wheel):
    tops = {name.split("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert tops == {"ecosystem_graph", f"ecosystem_graph-{wheel.name.split('-')[1]}.dist-info"}


def test_the_wheel_runs_the_main_job_from_an_empty_folder(installed, tmp_path):
    empty = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    command = [installed / "ecosystem-graph", "recommend", "horizon2020", "--output", "run"]
    done = subprocess.run(
        command, cwd=tmp_path, env=empty, check=True, capture_output=True, text=True
    )
    assert "338,430 recommendations for 33,843 partners" in done.stdout
    assert {path.name for path in (tmp_path / "run").iterdir()} == {
        "recommendations.parquet",
        "run.json",
        "timings.json",
    }


def test_the_wheel_answers_for_its_datasets_and_models(installed, tmp_path):
    for command, name in (("datasets", "horizon2020"), ("models", "default")):
        done = subprocess.run(
            [installed / "ecosystem-graph", command],
            cwd=tmp_path,
            check=True,
            capture_output=True,
            text=True,
        )
        assert name in done.stdout


def test_the_source_distribution_has_what_the_readme_runs(tmp_path):
    backend = ["--constraint", ROOT / "constraints.txt", "--target", tmp_path / "backend"]
    subprocess.run([*PIP, "install", *backend, "hatchling"], check=True)
    hatch = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", tmp_path]
    paths = {**os.environ, "PYTHONPATH": str(tmp_path / "backend")}
    subprocess.run(hatch, cwd=ROOT, env=paths, check=True, capture_output=True)
    (built,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive:
        names = {name.split("/", 1)[1] for name in archive.getnames() if "/" in name}
    for name in ("Makefile", "constraints.txt", "README.md", "LICENSE", "pyproject.toml"):
        assert name in names
    for name in ("models/default/weights.npz", "datasets/horizon2020/deals.parquet"):
        assert name in names
    for name in ("tests/test_readme.py", "docs/index.md", "mkdocs.yml", "CONTRIBUTING.md"):
        assert name in names
