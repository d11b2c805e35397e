import hashlib
import json
import runpy
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from ecosystem_graph.tables import check_tables, describe_dataset, known_at, read_tables

FOLDER = Path(__file__).parents[1] / "datasets" / "horizon2020"
STAND_IN = r"^(Company|University|Research organisation|Public body|Organisation) \d{9}\b"


@pytest.fixture(scope="module")
def tables():
    return read_tables(FOLDER)


@pytest.fixture(scope="module")
def package():
    return json.loads((FOLDER / "datapackage.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def datasheet():
    return " ".join((FOLDER / "DATASHEET.md").read_text(encoding="utf-8").split())


def test_the_tables_have_no_problem():
    report = check_tables(FOLDER)
    assert report.problems == ()
    country, name = report.notes  # XK, and four pairs of organisations with one name
    assert (country.column, name.column) == ("country", "name")


def test_the_folder_holds_nothing_but_the_data_package(package):
    tables = {resource["path"] for resource in package["resources"]}
    texts = {"DATASHEET.md", "LICENSE", "datapackage.json", "prepare.py"}
    assert {path.name for path in FOLDER.iterdir()} == tables | texts
    assert sum(path.stat().st_size for path in FOLDER.iterdir()) < 5_000_000


def test_the_descriptor_agrees_with_the_files(package, tables):
    assert [resource["name"] for resource in package["resources"]] == list(tables.provided)
    for resource in package["resources"]:
        data = (FOLDER / resource["path"]).read_bytes()
        assert resource["bytes"] == len(data)
        assert resource["hash"] == f"sha256:{hashlib.sha256(data).hexdigest()}"
        assert resource["rows"] == tables[resource["name"]].height
        fields = [field["name"] for field in resource["schema"]["fields"]]
        assert fields == pl.read_parquet_schema(FOLDER / resource["path"]).names()
        assert set(resource["schema"]["primaryKey"]) <= set(fields)


def test_the_licence_is_named_and_the_sources_are_credited(package):
    assert describe_dataset("horizon2020")["licence"] == "CC-BY-4.0"
    assert package["licenses"][0]["path"] == "https://creativecommons.org/licenses/by/4.0/"
    licence = (FOLDER / "LICENSE").read_text(encoding="utf-8")
    for credit in ("European Union", "CORDIS", "zambujo/eunets", "zambujo/swissparticipation"):
        assert credit in json.dumps(package)
        assert credit in licence
    assert "2011/833/EU" in licence


def test_rows_are_in_the_order_of_their_keys(package, tables):
    for resource in package["resources"]:
        frame = tables[resource["name"]]
        assert frame.equals(frame.sort(resource["schema"]["primaryKey"]))


def test_the_datasheet_has_the_seven_sections():
    text = (FOLDER / "DATASHEET.md").read_text(encoding="utf-8")
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        "## 1. Motivation",
        "## 2. Composition",
        "## 3. Collection process",
        "## 4. Preprocessing",
        "## 5. Uses",
        "## 6. Distribution",
        "## 7. Maintenance",
    ]


def test_the_datasheet_counts_the_rows(datasheet, tables):
    for name in tables.provided:
        assert f"| {name} | {tables[name].height:,} |" in datasheet


def test_the_datasheet_tells_the_deals_as_they_are(datasheet, tables):
    deals, rows = tables["deals"], tables["deal_partners"]
    sizes = rows.group_by("deal_id").len()["len"]
    per_partner = rows.group_by("partner_id").len()["len"]
    coordinators = rows.filter(pl.col("role") == "coordinator").group_by("deal_id").len()["len"]
    later = deals.filter(pl.col("closed_on") >= tables.as_of).height
    for fact in (
        f"{later:,} deals are dated on or after that day, up to {deals['closed_on'].max()}",
        f"there are {deals.height - later:,} deals",
        f"The first project started on {deals['closed_on'].min()}",
        f"{(sizes > 1).sum():,} deals have two or more partners, at most {sizes.max()}, "
        f"the median is {sizes.filter(sizes > 1).median():.0f}",
        f"The other {(sizes == 1).sum():,} have one",
        f"{(per_partner == 1).sum():,} partners are on one deal only",
        f"the busiest is on {per_partner.max():,}",
        f"{(coordinators == 2).sum()} deals have two coordinators",
    ):
        assert fact in datasheet
    assert coordinators.max() == 2


def test_the_datasheet_tells_the_partners_as_they_are(datasheet, tables):
    partners = tables["partners"]
    named = partners.filter(~pl.col("name").str.contains(STAND_IN))
    held = tables["deal_partners"].join(named, on="partner_id", how="semi").height
    types = dict(partners["type"].value_counts().iter_rows())
    joined = partners.filter(pl.col("joined_on") < tables.as_of).height
    for fact in (
        f"{joined:,} partners with at least one",
        f"{named.height:,} partners carry their name",
        f"{held / tables['deal_partners'].height:.0%}".replace("%", " %"),
        f"The other {partners.height - named.height:,} carry a stand-in",
        f"{partners['name'].is_duplicated().sum() // 2} names belong to two partners each",
        f"{types['company']:,} companies, {types['university']:,} universities, "
        f"{types['research organisation']:,} research organisations, "
        f"{types['public body']:,} public bodies and {types['other']:,} others",
        f"from {partners['country'].drop_nulls().n_unique()} countries",
        f"(Kosovo, {(partners['country'] == 'XK').sum()} partners)",
        f"{partners['country'].null_count()} partners have no country",
        f"{partners['joined_on'].null_count()} partners have none",
    ):
        assert fact in datasheet


def test_the_datasheet_tells_the_capabilities_as_they_are(datasheet, tables):
    capabilities, required = tables["capabilities"], tables["deal_requirements"]
    kinds = dict(capabilities["kind"].value_counts().iter_rows())
    parents = dict(capabilities.drop_nulls("parent_id")["kind"].value_counts().iter_rows())
    words = capabilities["capability_id"].str.replace(r"^[a-z]+-", "")
    titled = pl.col("name").str.contains(": ") & (pl.col("kind") == "topic family")
    asking = required["deal_id"].n_unique()
    themes = required.filter(pl.col("capability_id").str.starts_with("theme-")).height
    for fact in (
        f"{kinds['programme part']} programme parts, {kinds['theme']} themes, "
        f"{kinds['topic family']:,} topic families",
        f"{asking:,} deals ask for at least one, {tables['deals'].height - asking} for none",
        f"Theme and topic are known for {themes:,} deals",
        f"{words.is_duplicated().sum() // 2} words, Euratom and Innovation in SMEs",
        f"({capabilities.filter(titled).height} of them)",
        f"{parents['theme']} themes and {parents['topic family']:,} topic families have a parent",
    ):
        assert fact in datasheet
    assert "programme part" not in parents


def test_capability_names_tell_them_apart_and_ids_need_no_quotes(tables):
    capabilities = tables["capabilities"]
    assert capabilities["name"].is_unique().all()
    assert capabilities["capability_id"].str.contains(r"^[A-Za-z0-9-]+$").all()


def test_every_deal_that_asks_for_a_capability_asks_for_its_parent(tables):
    required = tables["deal_requirements"].select("deal_id", "capability_id")
    children = tables["capabilities"].drop_nulls("parent_id").select("capability_id", "parent_id")
    implied = required.join(children, on="capability_id").select(
        "deal_id", capability_id="parent_id"
    )
    assert implied.join(required, on=["deal_id", "capability_id"], how="anti").is_empty()


def test_nothing_dated_after_as_of_is_known_then(tables):
    assert tables.as_of == date(2020, 7, 1)
    before = tables["deals"].filter(pl.col("closed_on") < tables.as_of)
    truncated = {
        name: tables[name].join(before, on="deal_id", how="semi", maintain_order="left")
        for name in ("deals", "deal_partners", "deal_requirements")
    }
    known = known_at(tables, tables.as_of)
    later = tables["deals"].height - before.height
    assert known.left_out["deals closed on or after as_of"] == later > 0
    for name, frame in truncated.items():
        assert known[name].equals(frame)
        assert known_at(tables.replaced(truncated), tables.as_of)[name].equals(frame)


def test_a_partner_joined_on_the_day_of_its_first_deal(tables):
    dated = tables["deal_partners"].join(tables["deals"], on="deal_id")
    first = dated.group_by("partner_id").agg(joined_on=pl.col("closed_on").min())
    assert tables["partners"].select("partner_id", "joined_on").equals(first.sort("partner_id"))


RAW = {
    "organisations": pl.DataFrame(
        {
            "org_id": ["103", "101", "102", "104"],
            "name": [None, "ACME  SPA ", None, None],
            "type": ["OTH", "PRC", "HES", "PUB"],
            "country": ["UK", "IT", "EL", None],
            "city": ["Leeds", None, "", None],
        }
    ),
    "projects": pl.DataFrame(
        {
            "project_id": ["7", "5", "6"],
            "date": [None, date(2019, 3, 1), date(2018, 5, 1)],
            "amount": [1.0, 2.5, 3.0],
            "currency": ["EUR", "EUR", "EUR"],
            "territory": ["EL", "IT", "UK"],
            "programme_parts": [["MSCA"], ["LEIT", "SC4"], ["LEIT"]],
            "theme": [None, "Space", "Space"],
            "topic_code": [None, "SPACE-10-2018", "SPACE.X"],
            "topic_title": [None, "Small  satellites", "Launchers"],
        }
    ),
    "participations": pl.DataFrame(
        {
            "project_id": ["5", "5", "5", "6", "7"],
            "org_id": ["102", "101", "102", "101", "104"],
            "role": ["participant", "coordinator", "partner", "coordinator", "coordinator"],
        }
    ).extend(pl.DataFrame({"project_id": ["6"], "org_id": ["103"], "role": ["partner"]})),
}


@pytest.fixture
def raw(tmp_path):
    """Folder of raw files, with other frames in place of those named."""

    def written(**frames):
        folder = tmp_path / "raw"
        folder.mkdir()
        for name, frame in {**RAW, **frames}.items():
            frame.write_parquet(folder / f"{name}.parquet")
        return folder

    return written


@pytest.fixture
def prepare(monkeypatch):
    """`python prepare.py RAW --output OUTPUT`."""

    def run(folder, output):
        monkeypatch.setattr("sys.argv", ["prepare.py", str(folder), "--output", str(output)])
        runpy.run_path(str(FOLDER / "prepare.py"), run_name="__main__")

    return run


def rows(output, name):
    return pl.read_parquet(output / f"{name}.parquet").rows()


def test_prepare_makes_the_tables_of_raw_records(raw, prepare, tmp_path, capsys):
    output = tmp_path / "output"
    prepare(raw(), output)
    assert rows(output, "partners") == [
        ("101", "ACME SPA", "company", "IT", date(2018, 5, 1)),
        ("102", "University 102 (GR)", "university", "GR", date(2019, 3, 1)),
        ("103", "Organisation 103, Leeds (GB)", "other", "GB", date(2018, 5, 1)),
        ("104", "Public body 104", "public body", None, None),
    ]
    assert rows(output, "deals") == [
        ("5", "IT", 2.5, "EUR", date(2019, 3, 1), "won"),
        ("6", "GB", 3.0, "EUR", date(2018, 5, 1), "won"),
    ]
    assert rows(output, "deal_partners") == [
        ("5", "101", "coordinator"),
        ("5", "102", "participant"),
        ("6", "101", "coordinator"),
        ("6", "103", "partner"),
    ]
    industry = "Industrial leadership: Leadership in enabling and industrial technologies"
    transport = "Societal challenge 4: Smart, green and integrated transport"
    assert rows(output, "capabilities") == [
        ("programme-LEIT", industry, "programme part", None),
        ("programme-SC4", transport, "programme part", None),
        ("theme-Space", "Space", "theme", "programme-LEIT"),
        ("topic-SPACE-10", "SPACE-10: Small satellites", "topic family", "theme-Space"),
        ("topic-SPACE-X", "SPACE.X: Launchers", "topic family", "theme-Space"),
    ]
    assert rows(output, "deal_requirements") == [
        ("5", "programme-LEIT"),
        ("5", "programme-SC4"),
        ("5", "theme-Space"),
        ("5", "topic-SPACE-10"),
        ("6", "programme-LEIT"),
        ("6", "theme-Space"),
        ("6", "topic-SPACE-X"),
    ]
    assert read_tables(output).as_of == date(2020, 7, 1)
    counts = dict(line.split(maxsplit=1)[::-1] for line in capsys.readouterr().out.splitlines())
    assert counts == {
        "partners": "4",
        "capabilities": "5",
        "deals": "2",
        "deal_partners": "4",
        "deal_requirements": "7",
        "projects left out, without a date": "1",
        "participations left out, listed before": "1",
        "partners on no dated project": "1",
    }


def test_prepare_writes_the_same_bytes_again(raw, prepare, tmp_path):
    folder = raw()
    for output in ("first", "second", "second"):
        prepare(folder, tmp_path / output)
    first = {path.name: path.read_bytes() for path in (tmp_path / "first").iterdir()}
    assert len(first) == 6
    assert first == {path.name: path.read_bytes() for path in (tmp_path / "second").iterdir()}


def test_prepare_tells_every_raw_file_and_column_that_is_missing(raw, prepare, tmp_path):
    folder = raw(projects=RAW["projects"].drop("theme"))
    (folder / "organisations.parquet").unlink()
    with pytest.raises(SystemExit) as stopped:
        prepare(folder, tmp_path / "output")
    assert "organisations.parquet (columns org_id," in str(stopped.value)
    assert "in projects.parquet the columns theme." in str(stopped.value)
    assert not (tmp_path / "output").exists()


@pytest.mark.parametrize(
    ("frames", "problem"),
    [
        ({"organisations": RAW["organisations"].head(2)}, "partner_id '102' is not in partners"),
        (
            {"projects": RAW["projects"].with_columns(topic_code=pl.Series(["A-1", "B.1", "B-1"]))},
            "duplicate key: capability_id 'topic-B-1'",
        ),
    ],
    ids=["unknown organisation", "two capabilities with one id"],
)
def test_prepare_publishes_nothing_unsound(raw, prepare, tmp_path, frames, problem):
    output = tmp_path / "output"
    with pytest.raises(SystemExit, match=problem):
        prepare(raw(**frames), output)
    assert list(output.iterdir()) == []
