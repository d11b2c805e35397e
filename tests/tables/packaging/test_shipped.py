import json

import pytest

from ecosystem_graph.errors import ArtifactError
from ecosystem_graph.tables.packaging import shipped as module
from ecosystem_graph.tables.packaging.descriptor import descriptor
from ecosystem_graph.tables.packaging.shipped import (
    datasets,
    describe_dataset,
    load_dataset,
    resolve,
    shipped,
)


@pytest.fixture
def shelf(acme, tmp_path, monkeypatch):
    """One shipped dataset named `acme`."""
    folder = acme()
    package = descriptor(
        folder,
        name="acme",
        title="Acme",
        description="Three partners.",
        licenses=[{"name": "CC-BY-4.0"}],
        as_of="2024-06-01",
    )
    (folder / "datapackage.json").write_text(json.dumps(package))
    monkeypatch.setattr(module, "shipped", lambda kind: tmp_path)
    return tmp_path


def test_a_dataset_is_listed_described_and_loaded_by_name(shelf):
    (shelf / "unfinished").mkdir()
    assert datasets() == ["acme"]
    described = describe_dataset("acme")
    assert described.pop("bytes") == sum(path.stat().st_size for path in shelf.glob("acme/*.csv"))
    assert described == {
        "name": "acme",
        "title": "Acme",
        "licence": "CC-BY-4.0",
        "as_of": "2024-06-01",
        "rows": {
            "partners": 3,
            "capabilities": 1,
            "partner_capabilities": 1,
            "deals": 2,
            "deal_partners": 3,
        },
    }
    assert str(load_dataset("acme").default_as_of()) == "2024-06-01"


@pytest.mark.parametrize("use", [load_dataset, describe_dataset, resolve])
def test_an_unknown_name_is_told_with_what_there_is(shelf, use):
    with pytest.raises(ArtifactError, match=r"'acne'.* among acme\. Did you mean 'acme'\?"):
        use("acne")


def test_a_folder_that_exists_comes_before_a_shipped_name(shelf, monkeypatch):
    assert resolve("acme") == shelf / "acme"
    (shelf / "here" / "acme").mkdir(parents=True)
    monkeypatch.chdir(shelf / "here")
    assert str(resolve("acme")) == "acme"


def test_a_broken_description_is_told(shelf):
    (shelf / "acme" / "datapackage.json").write_text("{}")
    with pytest.raises(ArtifactError, match="cannot be read as a data package"):
        describe_dataset("acme")


def test_what_this_installation_lacks_is_told():
    with pytest.raises(ArtifactError, match="carries no stories"):
        shipped("stories")


def test_without_any_datasets_a_name_is_unknown(monkeypatch):
    def missing(kind):
        raise ArtifactError("none")

    monkeypatch.setattr(module, "shipped", missing)
    with pytest.raises(ArtifactError, match="no shipped dataset 'acme' among none"):
        load_dataset("acme")


def test_the_package_comes_before_the_checkout(tmp_path, monkeypatch):
    (tmp_path / "_shipped" / "datasets").mkdir(parents=True)
    monkeypatch.setattr(module, "files", lambda package: tmp_path)
    assert shipped("datasets") == tmp_path / "_shipped" / "datasets"


def test_a_folder_beside_an_installed_package_is_not_taken_for_ours(tmp_path, monkeypatch):
    (tmp_path / "datasets").mkdir()
    monkeypatch.setattr(module, "files", lambda package: tmp_path / "ecosystem_graph")
    monkeypatch.setattr(
        module, "__file__", str(tmp_path / "ecosystem_graph/tables/packaging/shipped.py")
    )
    with pytest.raises(ArtifactError, match="carries no datasets"):
        shipped("datasets")
    (tmp_path / "pyproject.toml").touch()
    assert shipped("datasets") == tmp_path / "datasets"
