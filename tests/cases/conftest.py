"""One small vendor, written in whatever dress its tables arrive in, and the command line to ask."""

import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

from ecosystem_graph.cli import main

FIRMS = {
    "p-1": ("Anchor Analytics", "GB", "wireless"),
    "p-2": ("Brook Networks", "DE", "identity"),
    "p-3": ("Crane Cloud", "US", "backup identity"),
    "p-4": ("Delta Data", "FR", "backup"),
    "p-5": ("Ember Security", "US", "identity"),
    "p-6": ("Forge Mobile", "DE", "wireless"),
    "p-7": ("Grove Systems", "DE", "wireless backup"),
    "p-8": ("Harbour Voice", "GB", "identity"),
}
PAIRS = ["12", "23", "34", "45", "56", "13", "67", "78", "27", "12", "35"]
NEEDS = ["wireless", "identity", "backup"]
START = date(2022, 1, 10)


def clean():
    """Eight partners and their 44 deals, every cell the text that a CSV file would hold."""
    numbers = range(44)
    teams = [(f"p-{pair[0]}", f"p-{pair[1]}") for pair in PAIRS * 4]
    opened = [START + timedelta(27 * n) for n in numbers]
    won = [n for n in numbers if n % 4]
    held = [(p, skill) for p, (_, _, skills) in FIRMS.items() for skill in skills.split()]
    tables = {
        "partners": {
            "partner_id": FIRMS,
            "name": [name for name, _, _ in FIRMS.values()],
            "country": [country for _, country, _ in FIRMS.values()],
            "type": ["reseller"] * 8,
            "participates": ["true"] * 8,
            "intro_capacity": ["40"] * 8,
        },
        "partner_capabilities": {
            "partner_id": [p for p, _ in held],
            "capability_id": [skill for _, skill in held],
            "evidence": ["certified"] * len(held),
        },
        "deals": {
            "deal_id": [f"d-{n:03}" for n in numbers],
            "customer_id": [f"c-{n % 9}" for n in numbers],
            "industry": ["retail"] * 44,
            "territory": [FIRMS[lead][1] for lead, _ in teams],
            "amount": [f"{1000 * n + 0.5}" for n in numbers],
            "currency": ["EUR"] * 44,
            "opened_on": opened,
            "closed_on": [day + timedelta(60) for day in opened],
            "outcome": ["won" if n in won else "lost" for n in numbers],
        },
        "deal_partners": {
            "deal_id": [f"d-{n:03}" for n in numbers for _ in range(2)],
            "partner_id": [partner for team in teams for partner in team],
            "role": ["lead", "member"] * 44,
        },
        "deal_requirements": {
            "deal_id": [f"d-{n:03}" for n in numbers],
            "capability_id": [NEEDS[n % 3] for n in numbers],
            "weight": ["1"] * 44,
        },
        "csat": {
            "response_id": [f"r-{n:03}" for n in won],
            "partner_id": [teams[n][n % 2] for n in won],
            "deal_id": [f"d-{n:03}" for n in won],
            "responded_on": [opened[n] + timedelta(70) for n in won],
            "score": [f"{3 + n % 5 / 2}" for n in won],
            "scale_min": ["1"] * len(won),
            "scale_max": ["5"] * len(won),
            "kind": ["csat_mean"] * len(won),
        },
    }
    return {
        name: pl.DataFrame(
            {column: [str(cell) for cell in cells] for column, cells in table.items()}
        )
        for name, table in tables.items()
    }


class Acme:
    """A vendor's folder: tables to change, dresses to write them in, commands to run on them."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.tables = clean()

    def change(self, table, **columns):
        """Columns by name: a list of cells, or what each cell becomes."""
        frame = self.tables[table]
        for name, new in columns.items():
            cells = [new(c) for c in frame[name]] if callable(new) else new
            cells = [cells] * frame.height if isinstance(cells, str | None) else cells
            frame = frame.with_columns(pl.Series(name, cells, strict=False))
        self.tables[table] = frame

    def cell(self, table, row, **columns):
        """Cells of one row, counted from 0."""
        for name, value in columns.items():
            cells = self.tables[table][name].to_list()
            cells[row] = value
            self.change(table, **{name: cells})

    def add(self, table, *rows):
        """Rows as dicts; a column that they do not name is empty, one that is new is added."""
        self.tables[table] = pl.concat(
            [self.tables[table], pl.DataFrame(list(rows), infer_schema_length=None)],
            how="diagonal_relaxed",
        )

    def write(self, dress=lambda text: text.encode()):
        """Every table as CSV text, in a dress that makes bytes of it."""
        self.folder.mkdir(exist_ok=True)
        for name, table in self.tables.items():
            (self.folder / f"{name}.csv").write_bytes(dress(table.write_csv()))
        return self.folder

    def ask(self, command, *arguments):
        """Run a command on the folder, as it was written last or as it is now."""
        if not self.folder.exists():
            self.write()
        done = CliRunner().invoke(main, [command, str(self.folder), *map(str, arguments)])
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return done

    def recommended(self, *arguments):
        """What `recommend` gives with the model that ships."""
        done = self.ask("recommend", "--model", "default", "--json", *arguments)
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    def lists(self, *arguments):
        """Who is recommended to whom, in which place and with which score."""
        rows = self.recommended(*arguments)["recommendations"]
        return [
            (row["partner_id"], row["rank"], row["collaborator_id"], round(row["score"], 9))
            for row in rows
        ]


@pytest.fixture
def acme(tmp_path):
    return Acme(tmp_path / "acme")


@pytest.fixture(scope="session")
def clean_lists(tmp_path_factory):
    return Acme(tmp_path_factory.mktemp("clean") / "acme").lists()


@pytest.fixture(scope="session")
def clean_frames():
    from ecosystem_graph import read_tables

    return read_tables(clean())
