import io
import json
import shutil
import tomllib
from dataclasses import replace
from hashlib import sha256
from time import process_time
from zipfile import ZIP_DEFLATED, ZIP_LZMA, ZIP_STORED, ZipFile

import numpy as np
import pytest
from psutil import Process

from ecosystem_graph import EcosystemGraph, Recommender
from ecosystem_graph.errors import ArtifactError, OutputError
from ecosystem_graph.ranking.value.winning import ASSUMED
from ecosystem_graph.recommending.model_files import describe_models, save_model
from ecosystem_graph.tables.packaging.shipped import shipped


@pytest.fixture
def saved(recommender, tmp_path):
    recommender.save(tmp_path / "model")
    return tmp_path / "model"


def test_a_model_brought_back_gives_the_same_lists(saved, recommender, taught):
    again = Recommender.load(saved)
    graph = EcosystemGraph.from_tables(taught, "2025-01-01")
    for known in (False, True):
        before, after = (one.recommend(graph, include_known=known) for one in (recommender, again))
        assert before.equals(after)
    assert again.get_params() == recommender.get_params()
    assert again.model_.fitted_as_of == recommender.model_.fitted_as_of
    assert again.model_.fitted_on == recommender.model_.fitted_on


def test_the_recipe_is_the_arguments_of_the_constructor(saved, recommender):
    recipe = tomllib.loads((saved / "recipe.toml").read_text())
    assert recipe["recommender"] == recommender.get_params()


def test_the_recipe_states_weights_of_winning_that_were_not_learnt(saved, recommender):
    assert not recommender.model_.winning.learnt
    recipe = tomllib.loads((saved / "recipe.toml").read_text())
    stated = {name: one["weight"] for name, one in recipe["winning"].items()}
    assert stated == {name: weight for name, (weight, _, _) in ASSUMED.items()}


def test_the_weights_are_plain_numbers(saved):
    with np.load(saved / "weights.npz", allow_pickle=False) as weights:
        assert {weights[name].dtype.kind for name in weights.files} <= {"f", "i"}


def test_saving_the_same_model_twice_writes_the_same_bytes(saved, recommender, tmp_path):
    recommender.save(tmp_path / "again")
    for path in saved.iterdir():
        assert path.read_bytes() == (tmp_path / "again" / path.name).read_bytes(), path.name


def test_the_card_tells_what_was_compared(recommender, tmp_path):
    compared = {
        "embeddings": {
            "another": {"2017-01-01": {"ndcg_at_10": 0.12345, "cold_ndcg_at_10": 0.5}},
        }
    }
    trial = dict.fromkeys(
        ("ndcg_at_10", "best_baseline_ndcg_at_10", "ratio", "ratio_low", "ratio_high"), 1.0
    )
    trial |= {"cutoff": "2016-01-01", "horizon_days": 365, "lists": 9, "best_baseline": "x"}
    figures = {**trial, "comparisons": compared}
    save_model(replace(recommender.model_, figures=figures), tmp_path / "model")
    card = (tmp_path / "model" / "MODEL_CARD.md").read_text()
    assert "| embeddings | 2017-01-01 |\n|---|---|\n| another | 0.1235 (0.5000) |" in card
    assert Recommender.load(tmp_path / "model").model_.figures["comparisons"] == compared


def test_the_card_tells_every_weight(saved, recommender):
    card = (saved / "MODEL_CARD.md").read_text()
    for name, weight in zip(
        recommender.model_.rankers["new"].names,
        recommender.model_.rankers["new"].coefficients,
        strict=True,
    ):
        assert f"| {name} | {weight:+.3f} |" in card


def test_a_model_that_is_there_is_kept_unless_it_may_go(saved, recommender):
    with pytest.raises(OutputError, match="exists already"):
        recommender.save(saved)
    recommender.save(saved, overwrite=True)
    Recommender.load(saved)


def test_a_model_that_has_not_learnt_cannot_be_saved(tmp_path):
    with pytest.raises(ValueError, match="call fit"):
        Recommender().save(tmp_path / "model")
    assert list(tmp_path.iterdir()) == []


def test_the_model_that_ships_ranks_any_ecosystem(make_graph):
    default = Recommender.load("default")
    assert default.recommend(make_graph(wins=["ann bob", "bob cy"])).height == 2
    assert "default" in {fact["name"] for fact in describe_models()}


def test_a_model_that_is_not_there_names_those_that_are(tmp_path):
    for name in ("defualt", str(tmp_path), str(tmp_path / "no")):
        with pytest.raises(ArtifactError, match=r"no model .*ships \(default\)"):
            Recommender.load(name)


def with_manifest(**changes):
    def spoil(folder):
        path = folder / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **changes}))

    return spoil


def with_file(name, content):
    """Put bytes in place of a file of the model, with a manifest that fits them."""

    def spoil(folder):
        data = content(folder) if callable(content) else content
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        if name == "weights.npz":
            digest = sha256((folder / name).read_bytes()).hexdigest()
            with_manifest(weights_sha256=digest)(folder)

    return spoil


def with_weight(name, change):
    """Change an array of the model, with a manifest that fits it."""

    def content(folder):
        weights = dict(np.load(folder / "weights.npz"))
        packed = io.BytesIO()
        np.savez(packed, **{**weights, name: change(weights[name])})
        return packed.getvalue()

    return with_file("weights.npz", content)


def with_recipe(line):
    """Put a line of the recipe in place of what it says of the same parameter."""

    def spoil(folder):
        lines = (folder / "recipe.toml").read_text().splitlines()
        lines = [one for one in lines if not one.startswith(line.split(" ")[0])]
        (folder / "recipe.toml").write_text("\n".join([*lines, line]))

    return spoil


def with_names(change):
    def spoil(folder):
        tasks = json.loads((folder / "manifest.json").read_text())["tasks"]
        with_manifest(tasks={**tasks, "new": change(tasks["new"])})(folder)

    return spoil


def with_value(kind, **changes):
    """Change what the manifest states of a model of winning or of accepting."""

    def spoil(folder):
        value = json.loads((folder / "manifest.json").read_text())["value"]
        with_manifest(value={**value, kind: {**value[kind], **changes}})(folder)

    return spoil


def with_member(data, name="new.coefficients.npy", how=ZIP_STORED):
    """Weights in which one array is the bytes given, packed by the given method."""

    def content(folder):
        packed = io.BytesIO()
        with (
            ZipFile(folder / "weights.npz") as source,
            ZipFile(packed, "w", how) as target,
        ):
            for member in source.namelist():
                target.writestr(member, data if member == name else source.read(member))
        return packed.getvalue()

    return with_file("weights.npz", content)


def array_saying(shape, dtype="<f8", version=(1, 0)):
    """A file of an array whose header declares what is not there."""
    stream = io.BytesIO()
    stream.write(np.lib.format.magic(*version))
    header = f"{{'descr': '{dtype}', 'fortran_order': False, 'shape': {shape}, }}\n".encode()
    stream.write(len(header).to_bytes(2, "little") + header + bytes(80))
    return stream.getvalue()


def flipped(place):
    def content(folder):
        data = bytearray((folder / "weights.npz").read_bytes())
        data[place if place < 0 else int(place * len(data))] ^= 0xFF
        return bytes(data)

    return with_file("weights.npz", content)


def encrypted(folder):
    """The flag of encryption set on every member."""
    data = bytearray((folder / "weights.npz").read_bytes())
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.find(mark)
        while place >= 0:
            data[place + offset] |= 1
            place = data.find(mark, place + 4)
    return bytes(data)


def swapped(folder):
    """The weights of the model that ships."""
    shutil.copy(shipped("models") / "default" / "weights.npz", folder / "weights.npz")


BOMB = bytes(200_000_000)

DAMAGES = {
    "no weights": (lambda folder: (folder / "weights.npz").unlink(), "weights.npz is missing"),
    "no recipe": (lambda folder: (folder / "recipe.toml").unlink(), "recipe.toml is missing"),
    "an unknown parameter": (with_recipe("n = 4"), "Missing or unknown: n"),
    "a torn recipe": (with_recipe("n_candidates ="), "not a model"),
    "a recipe of nothing": (with_file("recipe.toml", ""), "it has no 'recommender'"),
    "a recipe nested without end": (
        with_file("recipe.toml", "[recommender]\n" + "a." * 7_000 + "a = 1"),
        "nested too deeply",
    ),
    "a recipe without end": (with_file("recipe.toml", "#" * 100_000), "larger than 16,000 bytes"),
    "a torn manifest": (with_file("manifest.json", "{"), "not a model that can be read"),
    "a manifest of nothing": (with_file("manifest.json", "[]"), "not a model that can be read"),
    "a manifest nested without end": (with_file("manifest.json", "[" * 100_000), "too deeply"),
    "a manifest without end": (with_file("manifest.json", " " * 5_000_000), "larger than"),
    "a manifest that is not text": (with_file("manifest.json", b"\xff\xfe\x00"), "utf-8"),
    "another format": (with_manifest(format=99), "format 99; this version reads 5"),
    "unknown signals": (with_manifest(tasks={"new": ["charm"]}), "not registered: charm"),
    "signals in another order": (with_names(lambda names: names[::-1]), "not in their order"),
    "a signal twice": (with_names(lambda names: [names[0], *names]), "not in their order"),
    "signals that are numbers": (with_manifest(tasks={"new": [1]}), "new must list its signals"),
    "a task nobody has": (with_names(lambda names: names[1:]), r"must be \d+ finite numbers"),
    "no day": (with_manifest(fitted_as_of="soon"), "soon"),
    "a day that is a number": (with_manifest(fitted_as_of=20250101), "20250101"),
    "a source that is no text": (with_manifest(fitted_on=7), "fitted_on must be text"),
    "figures that are none": (with_manifest(figures="good"), "figures must be an object"),
    "tasks that are no mapping": (with_manifest(tasks=["new"]), "not a model that can be read"),
    "no tasks": (with_manifest(tasks={}), "no ranker of new collaborators"),
    "an unknown task": (with_manifest(tasks={"new": [], "old": []}), "tasks must be among"),
    "calibrated for nothing": (with_manifest(calibrated=["repeat", "old"]), "tasks must be among"),
    "the weights of another model": (swapped, "not the file its manifest was written with"),
    "a digest that is no text": (with_manifest(weights_sha256=7), "was written with"),
    "no number": (with_weight("new.coefficients", lambda old: old * np.nan), "must be finite"),
    "without end": (with_weight("new.centre", lambda old: old * 0 + np.inf), "must be finite"),
    "enormous": (with_weight("new.coefficients", lambda old: old * 0 + 1e308), "must be finite"),
    "heavy": (with_weight("new.coefficients", lambda old: old * 0 + 2e4), "must be within"),
    "a heavy intercept": (with_weight("new.intercept", lambda old: old * 0 - 2e4), "be within"),
    "too few": (with_weight("new.centre", lambda old: old[1:]), r"must be \d+ finite numbers"),
    "too many": (with_weight("new.centre", lambda old: np.tile(old, 99)), "holds more|must be"),
    "a grid": (with_weight("new.centre", lambda old: old.reshape(1, -1)), "list of plain numbers"),
    "things": (with_weight("new.centre", lambda old: np.array([print])), "list of plain numbers"),
    "words": (with_weight("new.centre", lambda old: old.astype(str)), "list of plain numbers"),
    "days": (with_weight("new.centre", lambda old: old.astype("M8[D]")), "list of plain numbers"),
    "pairs of numbers": (with_weight("new.centre", lambda old: old + 1j), "list of plain numbers"),
    "long numbers": (
        with_weight("new.centre", lambda old: old.astype(np.longdouble)),
        "list of plain numbers",
    ),
    "no scale": (with_weight("new.spread", lambda old: old * 0.0), "must be positive"),
    "chances above one": (with_weight("new.calibration.low", lambda old: old + 1), "their bounds"),
    "nobody behind": (with_weight("new.calibration.n", lambda old: old * 0), "1 or more pairs"),
    "steps that differ": (with_weight("new.calibration.n", lambda old: old[1:]), "as many numbers"),
    "nothing of value": (with_manifest(value={}), "it has no 'winning'"),
    "value that is none": (with_manifest(value=None), "not a model that can be read"),
    "other terms of winning": (with_value("winning", terms=["charm"]), "terms of winning must be"),
    "other terms of accepting": (with_value("accepting", terms=["charm"]), "terms of accepting"),
    "learnt from part of a deal": (with_value("winning", learnt_from=0.5), "a whole number"),
    "learnt from a debt": (with_value("accepting", learnt_from=-1), "a whole number"),
    "no figures of winning": (with_value("winning", figures=None), "figures of winning must be"),
    "a number of winning that is none": (
        with_weight("winning.coefficients", lambda old: old * np.nan),
        "must be finite",
    ),
    "a heavy weight of winning": (
        with_weight("winning.intercept", lambda old: old * 0 - 2e4),
        "weights of winning must be within",
    ),
    "coverage that lowers the odds": (
        with_weight("winning.coefficients", lambda old: -old),
        "the weight of covered must be 1 times",
    ),
    "too few weights of winning": (
        with_weight("winning.coefficients", lambda old: old[1:]),
        "must have an intercept and 9 coefficients",
    ),
    "too many weights of winning": (
        with_weight("winning.coefficients", lambda old: np.tile(old, 999)),
        "holds more than|must have an intercept",
    ),
    "a lopsided covariance": (
        with_weight("winning.covariance", lambda old: old + np.arange(len(old))),
        "must be symmetric",
    ),
    "a variance below nothing": (
        with_weight("accepting.covariance", lambda old: -old),
        "variances of 0 or more",
    ),
    "an empty file": (with_file("weights.npz", b""), "is damaged"),
    "torn": (with_file("weights.npz", b"PK\x03\x04 torn"), "is damaged"),
    "one array alone": (with_file("weights.npz", array_saying("(3,)")), "is damaged"),
    "encrypted": (with_file("weights.npz", encrypted), "is damaged"),
    "packed otherwise": (with_member(b"x", how=ZIP_LZMA), "unsupported compression"),
    "packed a thousandfold": (with_member(BOMB, how=ZIP_DEFLATED), r"holds more than \d+ numbers"),
    "an empty array": (with_member(b""), "not a model that can be read"),
    "a huge shape": (with_member(array_saying("(10**18,)")), "not a model that can be read"),
    "a huge shape in full": (with_member(array_saying(f"({10**18},)")), "declares another number"),
    "a shape below nothing": (with_member(array_saying("(-1,)")), "not a model that can be read"),
    "a shape nested without end": (
        with_member(array_saying("(" * 3_000 + ")" * 3_000)),
        "not a model that can be read",
    ),
    "an unknown version": (with_member(array_saying("(3,)", version=(3, 0))), "plain numbers"),
    **{
        f"bytes flipped at {place}": (flipped(place), "not a model that")
        for place in (0.1, 0.3, 0.5, -22)
    },
    **{
        f"a recipe of {line}": (with_recipe(line), line.split(" ")[0])
        for line in (
            "n_candidates = -1",
            'n_candidates = "x"',
            "n_candidates = 1_000_000_000_000",
            "n_candidates = 4.5",
            "n_candidates = true",
            "horizon_days = 0",
            "half_life_days = 0",
            "half_life_days = nan",
            "half_life_days = 1e-300",
            "n_components = 100_000_000",
            "competition_price = -5",
            "competition_price = 1e308",
            "competition_price = inf",
            "uplift_weight = -1",
            "uplift_weight = 1001",
            "uplift_weight = nan",
            "random_state = -1",
            "random_state = 4294967296",
        )
    },
}


@pytest.mark.parametrize(("damage", "message"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_model_is_refused_soon_with_its_reason(saved, damage, message):
    damage(saved)
    started, before = process_time(), Process().memory_info().rss
    with pytest.raises(ArtifactError, match=message):
        Recommender.load(saved)
    assert process_time() - started < 2
    assert Process().memory_info().rss - before < 100e6


@pytest.mark.parametrize("order", ["<f8", ">f8", "<f4"])
def test_numbers_of_another_machine_are_the_same_numbers(saved, order):
    before = Recommender.load(saved).model_.rankers["new"].coefficients.astype(np.float32)
    with_weight("new.coefficients", lambda old: old.astype(np.float32).astype(order))(saved)
    after = Recommender.load(saved).model_.rankers["new"].coefficients
    assert after.dtype == np.dtype("=f8")
    assert np.array_equal(after, before)


def test_the_manifest_of_the_model_that_ships_is_of_its_weights():
    folder = shipped("models") / "default"
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["weights_sha256"] == sha256((folder / "weights.npz").read_bytes()).hexdigest()


@pytest.mark.parametrize("wrong", [{"n_candidates": True}, {"half_life_days": "540"}])
def test_parameters_of_another_type_are_refused(taught, wrong):
    with pytest.raises(TypeError, match=f"{next(iter(wrong))} must be a"):
        Recommender(**wrong).fit(taught, "2025-01-01")
