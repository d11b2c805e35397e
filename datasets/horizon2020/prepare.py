"""Horizon 2020 grants -> the tables of an ecosystem: who won funding with whom, and for what.

    python datasets/horizon2020/prepare.py RAW_FOLDER [--output DIR]

RAW_FOLDER holds `organisations.parquet`, `projects.parquet` and `participations.parquet`, and is
only read. DATASHEET.md, beside this file, says where they come from and why they become what.
"""

import argparse
import json
import sys
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from ecosystem_graph.errors import DataError, EcosystemGraphError
from ecosystem_graph.tables import TABLES, canonical_market, check_tables
from ecosystem_graph.tables.messages.causes import data_error
from ecosystem_graph.tables.packaging.descriptor import descriptor
from ecosystem_graph.tables.schema.columns import key_of

RAW_COLUMNS: Final = {
    "organisations": ["org_id", "name", "type", "country", "city"],
    "projects": [
        "project_id",
        "date",
        "amount",
        "currency",
        "territory",
        "programme_parts",
        "theme",
        "topic_code",
        "topic_title",
    ],
    "participations": ["project_id", "org_id", "role"],
}

TYPES: Final = {
    "HES": "university",
    "OTH": "other",
    "PRC": "company",
    "PUB": "public body",
    "REC": "research organisation",
}

PROGRAMME_PARTS: Final = {
    "ERC": "Excellent science: European Research Council",
    "FET": "Excellent science: Future and emerging technologies",
    "MSCA": "Excellent science: Marie Skłodowska-Curie actions",
    "RI": "Excellent science: Research infrastructures",
    "LEIT": "Industrial leadership: Leadership in enabling and industrial technologies",
    "ARF": "Industrial leadership: Access to risk finance",
    "Innovation in SMEs": "Industrial leadership: Innovation in SMEs",
    "SC1": "Societal challenge 1: Health, demographic change and wellbeing",
    "SC2": "Societal challenge 2: Food security, sustainable agriculture and forestry, marine, "
    "maritime and inland water research, and the bioeconomy",
    "SC3": "Societal challenge 3: Secure, clean and efficient energy",
    "SC4": "Societal challenge 4: Smart, green and integrated transport",
    "SC5": "Societal challenge 5: Climate action, environment, resource efficiency and raw "
    "materials",
    "SC6": "Societal challenge 6: Europe in a changing world - inclusive, innovative and "
    "reflective societies",
    "SC7": "Societal challenge 7: Secure societies - protecting freedom and security of Europe "
    "and its citizens",
    "SEWP": "Spreading excellence and widening participation",
    "SWAFS": "Science with and for society",
    "Euratom": "Euratom research and training programme",
}

KINDS: Final = {"programme": "programme part", "theme": "theme", "topic": "topic family"}
"""Kinds of capability, the widest first, by how their ids begin."""

PACKAGE: Final = {
    "name": "horizon2020",
    "title": "Horizon 2020: who won EU research and innovation funding together",
    "description": (
        "Grants of the EU programme Horizon 2020 known on 2020-12-14, read as a partner ecosystem: "
        "an organisation is a partner, a grant a won deal, its consortium a joint win, its part of "
        "the programme, theme and topic what it asked for. Most organisations are listed under a "
        "stand-in for a name that is not known; see DATASHEET.md."
    ),
    "licenses": [
        {
            "name": "CC-BY-4.0",
            "title": "Creative Commons Attribution 4.0 International",
            "path": "https://creativecommons.org/licenses/by/4.0/",
        }
    ],
    "sources": [
        {
            "title": "European Union, CORDIS: EU research projects under Horizon 2020 (2014-2020)",
            "path": "https://data.europa.eu/data/datasets/cordish2020projects",
        },
        {"title": "zambujo/eunets", "path": "https://github.com/zambujo/eunets"},
        {
            "title": "zambujo/swissparticipation",
            "path": "https://github.com/zambujo/swissparticipation",
        },
    ],
    "contributors": [
        {
            "title": "European Union, CORDIS",
            "path": "https://cordis.europa.eu",
            "roles": ["creator"],
        },
        {"title": "João Martins", "path": "https://github.com/zambujo", "roles": ["compiler"]},
    ],
    "as_of": "2020-07-01",  # what starts later was not all known yet on 2020-12-14
}


def main() -> None:
    """Read the command line, publish the tables, say what became of the raw rows."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("raw_folder", type=Path, metavar="RAW_FOLDER")
    parser.add_argument("--output", type=Path, default=Path(__file__).parent, metavar="DIR")
    arguments = parser.parse_args()
    try:
        raw = raw_tables(arguments.raw_folder)
        tables = ecosystem(raw)
        publish(tables, arguments.output)
    except EcosystemGraphError as error:
        sys.exit(f"Error: {error}")
    print(account(raw, tables))


def raw_tables(folder: Path) -> dict[str, pl.DataFrame]:
    """Raw tables by name, in the columns that are used.

    Raises
    ------
    DataError
        If a file or a column is missing; it tells all that is.
    """
    missing = []
    for name, columns in RAW_COLUMNS.items():
        path = folder / f"{name}.parquet"
        if not path.is_file():
            missing.append(f"{path.name} (columns {', '.join(columns)})")
        elif lacking := sorted(set(columns) - set(pl.read_parquet_schema(path))):
            missing.append(f"in {path.name} the columns {', '.join(lacking)}")
    if missing:
        raise DataError(f"{folder} lacks {'; '.join(missing)}.")
    return {
        name: pl.read_parquet(folder / f"{name}.parquet", columns=columns)
        for name, columns in RAW_COLUMNS.items()
    }


def ecosystem(raw: dict[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Tables of the ecosystem by name."""
    projects = raw["projects"].filter(pl.col("date").is_not_null())
    participations = (
        raw["participations"]
        .join(projects, on="project_id", how="semi", maintain_order="left")
        .unique(["project_id", "org_id"], keep="first", maintain_order=True)
    )
    required = requirements(projects)
    tables = {
        "partners": partners(raw["organisations"], first_days(participations, projects)),
        "capabilities": capabilities(required, projects),
        "deals": deals(projects),
        "deal_partners": participations.select(
            deal_id="project_id", partner_id="org_id", role="role"
        ),
        "deal_requirements": required.select("deal_id", "capability_id"),
    }
    return {name: in_order(name, frame) for name, frame in tables.items()}


def in_order(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Columns as the table declares them, rows by its key."""
    columns = [column for column in TABLES[name].column_names() if column in frame.columns]
    return frame.select(columns).sort(key_of(TABLES[name]))


def partners(organisations: pl.DataFrame, joined: pl.DataFrame) -> pl.DataFrame:
    """Every organisation; `joined` says on which day each took up its first grant.

    Those named by the source with an empty city are, all but one, people who trade under their own
    name: they get a stand-in.
    """
    described = organisations.join(joined, on="org_id", how="left").with_columns(
        pl.col("type").replace(TYPES),
        pl.when(pl.col("city").ne_missing("")).then(squeezed("name")).alias("name"),
        squeezed("city"),
        canonical(organisations["country"]),
    )
    return described.select(
        "type",
        "country",
        "joined_on",
        partner_id="org_id",
        name=pl.coalesce("name", stand_in_name()),
    )


def stand_in_name() -> pl.Expr:
    """Stand-in for a name that is not known: `Company 998855544, Milano (IT)`."""
    kind = pl.col("type").replace({"other": "organisation"})
    city = pl.format(", {}", "city").fill_null("")
    country = pl.format(" ({})", "country").fill_null("")
    stand_in = pl.concat_str(kind, pl.lit(" "), "org_id", city, country)
    return stand_in.str.slice(0, 1).str.to_uppercase() + stand_in.str.slice(1)


def first_days(participations: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """Day on which the first dated project of each organisation started."""
    dated = participations.join(projects, on="project_id")
    return dated.group_by("org_id").agg(joined_on=pl.col("date").min())


def deals(projects: pl.DataFrame) -> pl.DataFrame:
    """Every project as a deal, won on the day it started."""
    return projects.select(
        canonical(projects["territory"]),
        "amount",
        "currency",
        deal_id="project_id",
        closed_on="date",
        outcome=pl.lit("won"),
    )


def requirements(projects: pl.DataFrame) -> pl.DataFrame:
    """Capabilities that every project asked for, beside the words of the source."""
    asked = pl.concat(
        [
            _asked(projects, "programme", pl.col("programme_parts")).explode("word"),
            _asked(projects, "theme", pl.col("theme")),
            _asked(projects, "topic", topic_family()),
        ]
    )
    # Letters keep their case: FoF-04 is a topic of 2014, FOF-04 another one of 2016.
    slug = pl.col("word").str.replace_all(r"[^\p{L}\d]+", "-").str.strip_chars("-")
    capability_id = pl.format("{}-{}", "prefix", slug)
    return asked.drop_nulls("word").unique().with_columns(capability_id=capability_id)


def _asked(projects: pl.DataFrame, prefix: str, word: pl.Expr) -> pl.DataFrame:
    return projects.select(deal_id="project_id", prefix=pl.lit(prefix), word=word)


def topic_family() -> pl.Expr:
    """Beginning of a topic code: `MSCA-ITN` of `MSCA-ITN-2015-ETN`."""
    return pl.col("topic_code").str.split("-").list.head(2).list.join("-")


def capabilities(required: pl.DataFrame, projects: pl.DataFrame) -> pl.DataFrame:
    """Every programme part, theme and topic family that was asked for, with its name and parent."""
    words = required.select("capability_id", "prefix", "word").unique()
    return (
        words.join(full_names(projects), on=["prefix", "word"], how="left")
        .join(parents(required), on="capability_id", how="left")
        .select(
            "capability_id",
            pl.coalesce("name", "word").alias("name"),
            pl.col("prefix").replace(KINDS).alias("kind"),
            "parent_id",
        )
    )


def full_names(projects: pl.DataFrame) -> pl.DataFrame:
    """Names of the programme parts, and of the topic families that hold a single topic."""
    parts = pl.DataFrame({"word": list(PROGRAMME_PARTS), "name": list(PROGRAMME_PARTS.values())})
    titles = projects.select(word=topic_family(), title=squeezed("topic_title")).drop_nulls()
    single = titles.unique().filter(pl.col("word").is_unique())
    return pl.concat(
        [
            parts.select("word", "name", prefix=pl.lit("programme")),
            single.select(
                "word", name=pl.format("{}: {}", "word", "title"), prefix=pl.lit("topic")
            ),
        ]
    )


def parents(required: pl.DataFrame) -> pl.DataFrame:
    """Parent of a capability: the one wider capability that all its deals asked for as well.

    Wider than a topic family is a theme, wider than a theme a programme part. A capability whose
    deals share none, or more than one, has no parent here: nothing would be certain about it.
    """
    narrower = dict(pairwise(KINDS))
    wider = required.select(
        "deal_id",
        pl.col("prefix").replace_strict(narrower, default=None),
        parent_id="capability_id",
    )
    n_deals = required.group_by("capability_id").agg(n_deals=pl.len())
    return (
        required.join(wider, on=["deal_id", "prefix"])
        .group_by("capability_id", "parent_id")
        .agg(n_together=pl.len())
        .join(n_deals, on="capability_id")
        .filter(pl.col("n_together") == pl.col("n_deals"))
        .filter(pl.col("capability_id").is_unique())
        .select("capability_id", "parent_id")
    )


def squeezed(column: str) -> pl.Expr:
    """Text with single blanks between its words; empty text as no text."""
    text = pl.col(column).str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(text != "").then(text).alias(column)


def canonical(markets: pl.Series) -> pl.Series:
    """Country codes as ISO 3166 has them: GR for EL, GB for UK."""
    codes = markets.drop_nulls().unique()
    return markets.replace({code: canonical_market(code) for code in codes})


def publish(tables: dict[str, pl.DataFrame], output: Path) -> None:
    """Put the tables and their `datapackage.json` in a folder, once they are found sound.

    Raises
    ------
    DataError
        If anything is wrong with the tables; then the folder is as it was.
    """
    output.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory(prefix=".", dir=output) as temporary:
        folder = Path(temporary)
        for name, frame in tables.items():
            frame.write_parquet(
                folder / f"{name}.parquet", compression="zstd", compression_level=22
            )
        if problems := check_tables(folder).problems:
            raise data_error(str(output), problems)
        package = json.dumps(descriptor(folder, **PACKAGE), indent=2, ensure_ascii=False)
        (folder / "datapackage.json").write_text(f"{package}\n", encoding="utf-8")
        for path in sorted(folder.iterdir()):
            path.replace(output / path.name)


def account(raw: dict[str, pl.DataFrame], tables: dict[str, pl.DataFrame]) -> str:
    """Rows of every table, and of those raw rows that are in none."""
    participations = raw["participations"]
    counts = {name: frame.height for name, frame in tables.items()} | {
        "projects left out, without a date": raw["projects"]["date"].null_count(),
        "participations left out, listed before": participations.height
        - participations.n_unique(["project_id", "org_id"]),
        "partners on no dated project": tables["partners"]["joined_on"].null_count(),
    }
    return "\n".join(f"{count:>10,} {name}" for name, count in counts.items())


if __name__ == "__main__":
    main()
