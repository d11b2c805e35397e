"""An invented channel ecosystem, all tables of it.

    python datasets/channel-demo/prepare.py [--output DIR]

There is no raw data: everything is drawn by `ecosystem_graph.synthetic`, and DATASHEET.md,
beside this file, says on which assumptions.
"""

import argparse
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import polars as pl

from ecosystem_graph.errors import DataError, EcosystemGraphError
from ecosystem_graph.synthetic import synthetic
from ecosystem_graph.synthetic.assumptions.parameters import AS_OF
from ecosystem_graph.tables import check_tables
from ecosystem_graph.tables.packaging.descriptor import descriptor

N_PARTNERS: Final = 2000
SEED: Final = 0

PACKAGE: Final = {
    "name": "channel-demo",
    "version": "1.1.0",
    "title": "Channel demo: an invented ecosystem of a vendor's partners, with every table",
    "description": (
        "Invented from beginning to end to show what the product does with every table filled: no "
        "partner, customer or deal in it exists, and nothing about real channels can be learnt "
        "from it; see DATASHEET.md."
    ),
    "licenses": [
        {
            "name": "CC0-1.0",
            "title": "CC0 1.0 Universal",
            "path": "https://creativecommons.org/publicdomain/zero/1.0/",
        }
    ],
    "as_of": AS_OF,
}


def main() -> None:
    """Read the command line, publish the tables, say how many rows they have."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--output", type=Path, default=Path(__file__).parent, metavar="DIR")
    arguments = parser.parse_args()
    tables = synthetic(N_PARTNERS, SEED).tables
    try:
        publish(tables, arguments.output)
    except EcosystemGraphError as error:
        sys.exit(f"Error: {error}")
    print("\n".join(f"{frame.height:>10,} {name}" for name, frame in tables.items()))


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
            raise DataError(f"{output}: {problems[0]}", problems)
        package = json.dumps(descriptor(folder, **PACKAGE), indent=2, ensure_ascii=False)
        (folder / "datapackage.json").write_text(f"{package}\n", encoding="utf-8")
        for path in sorted(folder.iterdir()):
            path.replace(output / path.name)


if __name__ == "__main__":
    main()
