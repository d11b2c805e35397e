"""What the site shows is tried: its examples run, and its lists are those of the code."""

import importlib.util
import json
import re
import shlex
import tomllib
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import ecosystem_graph
from ecosystem_graph.cli import main
from ecosystem_graph.signals import ALL_SIGNALS, SIGNALS, unregister_signal
from ecosystem_graph.tables import TABLES

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = {str(page.relative_to(DOCS)): page.read_text("utf-8") for page in DOCS.rglob("*.md")}

#: A fenced block, and the line before it where it is slow or cannot be run here.
BLOCK = re.compile(
    r"(?:^<!-- (?P<mark>slow|not run: [^\n]+) -->\n)?"
    r"^```(?P<language>sh|python)\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)

#: Text that a command printed, and that command.
PRINTED = re.compile(
    r"^<!-- printed by: ecosystem-graph (?P<command>.+) -->\n```text\n(?P<text>.*?)^```",
    re.MULTILINE | re.DOTALL,
)
SHOWN = [
    found.groups()
    for text in [(ROOT / "README.md").read_text(encoding="utf-8"), *PAGES.values()]
    for found in PRINTED.finditer(text)
]

#: Where the examples of a page run in turn, and what each leaves is there for the next.
EXAMPLES = {
    name: [found.groupdict() for found in BLOCK.finditer(text)] for name, text in PAGES.items()
}
RUN = sorted(name for name, blocks in EXAMPLES.items() if any(not b["mark"] for b in blocks))
SLOW = sorted(name for name in PAGES if any(b["mark"] == "slow" for b in EXAMPLES[name]))

#: Files and folders of the project, as texts name them.
PATH = r"\b(?:ecosystem_graph|tests)/[\w./]*\w|(?:datasets|models/default)/[\w./-]*\w"

#: Commands that learn first unless a model is given.
LEARNING = {"recommend", "explain", "team"}


def load_hooks():
    spec = importlib.util.spec_from_file_location("hooks", DOCS / "hooks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


hooks = load_hooks()


def commands(block):
    """Arguments of every line that calls the command line."""
    for line in block["text"].splitlines():
        first, *rest = shlex.split(line, comments=True) or ["#"]
        if "=" in first:
            first, *rest = rest
        assert first in {"#", "pip", "make", "ecosystem-graph"}, line
        if first == "ecosystem-graph":
            yield rest


def invoke(arguments):
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, f"{shlex.join(arguments)}\n{done.output}"
    return done.output


@pytest.fixture(scope="session")
def workplace(tmp_path_factory):
    """A folder with the tables, the model and the run that pages speak of."""
    folder = tmp_path_factory.mktemp("docs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        invoke(["synth", "acme", "--partners", "400", "--quiet"])
        invoke(["train", "acme", "--output", "models/acme", "--quiet"])
        invoke(["recommend", "acme", "--model", "models/acme", "--output", "run", "--quiet"])
    return folder


@pytest.fixture
def page_folder(workplace, tmp_path, monkeypatch):
    """A folder of a page's own, in which the tables and the model are at hand."""
    for shared in ("acme", "models"):
        (tmp_path / shared).mkdir()
        for path in (workplace / shared).rglob("*"):
            if path.is_dir():
                (tmp_path / path.relative_to(workplace)).mkdir()
            else:
                (tmp_path / path.relative_to(workplace)).symlink_to(path)
    monkeypatch.chdir(tmp_path)
    built_in = set(SIGNALS)
    yield tmp_path
    for name in set(SIGNALS) - built_in:
        unregister_signal(name)


@pytest.mark.slow
@pytest.mark.parametrize("page", RUN)
def test_the_examples_of_a_page_run(page, page_folder):
    """Those that take no time; whatever would learn first is handed one model that did."""
    run(page, slow=False)


@pytest.mark.exhaustive
@pytest.mark.parametrize("page", SLOW)
def test_the_examples_of_a_page_run_as_they_stand(page, page_folder):
    run(page, slow=True)


def with_model(arguments):
    """The same command, handed a model where it would learn one first."""
    learns = arguments[0] in LEARNING and "--model" not in arguments
    return [*arguments, "--model", "models/acme"] if learns else arguments


@pytest.mark.slow
@pytest.mark.parametrize(("command", "text"), SHOWN)
def test_what_a_command_is_shown_to_print_is_what_it_prints(command, text, page_folder):
    assert text in invoke(with_model(shlex.split(command)))


def run(page, slow):
    names = {}
    for block in EXAMPLES[page]:
        if block["mark"] and not (slow and block["mark"] == "slow"):
            continue
        if block["language"] == "python":
            exec(compile(block["text"], page, "exec"), names)
            continue
        for arguments in commands(block):
            overwrite = ["--overwrite"] * (arguments[0] == "synth")
            invoke([*(arguments if slow else with_model(arguments)), *overwrite])


@pytest.mark.slow
def test_the_notebook_runs():
    exec((DOCS / "tutorial" / "first_list.py").read_text(), {})


@pytest.mark.parametrize("page", sorted(PAGES))
def test_the_commands_of_a_page_parse(page, page_folder):
    (page_folder / "runs" / "fair").mkdir(parents=True)
    for block in EXAMPLES[page]:
        if block["language"] == "sh":
            for name, *arguments in commands(block):
                main.commands[name].make_context(name, list(arguments))


def test_every_page_is_in_the_navigation_and_every_entry_is_a_page():
    listed = re.findall(r": ([a-z/-]+\.md)$", (ROOT / "mkdocs.yml").read_text(), re.MULTILINE)
    assert sorted(listed) == sorted(PAGES)


def test_nothing_public_is_without_documentation():
    assert [line for name in hooks.public() for line in hooks.undocumented(name)] == []


def test_what_has_no_documentation_is_found(monkeypatch):
    class Bare:
        def method(self):
            pass

    monkeypatch.setattr(ecosystem_graph, "Bare", Bare, raising=False)
    assert hooks.undocumented("Bare") == ["Bare", "Bare.method"]


def test_the_reference_of_python_has_every_public_name():
    written = hooks.names() + hooks.errors()
    headings = re.findall(r'heading: "(\w+)"', written)
    assert sorted(headings) == hooks.public()


def test_the_reference_of_tables_has_every_column():
    written = hooks.tables()
    for name, schema in TABLES.items():
        section = written.split(f"### {name}\n")[1].split("\n### ")[0]
        told = re.findall(r"^\| (\w+) \|", section, re.MULTILINE)
        assert told == ["column", *schema.column_names()]


def test_the_reference_of_signals_has_every_signal():
    written = re.findall(r"^\| `(\w+)`", hooks.signals(), re.MULTILINE)
    assert sorted(written) == sorted(ALL_SIGNALS)


def test_every_file_that_is_named_is_there():
    texts = [
        *PAGES.values(),
        *((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md")),
    ]
    paths = {path for text in texts for path in re.findall(PATH, text)}
    assert len(paths) > 10
    for_ones_own = [path for path in paths if "NAME" in path]
    assert 0 < len(for_ones_own) < 5
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert sorted(missing) == sorted(for_ones_own)


def test_the_reference_of_commands_has_every_option():
    written = hooks.commands()
    for name, command in main.commands.items():
        section = written.split(f"## {name} ")[1].split("\n## ")[0]
        options = {option for param in command.params for option in param.opts if "-" in option}
        assert options - set(re.findall(r"--?[a-z][a-z-]*", section)) == set()


def test_the_reference_of_output_has_every_column_and_flag(workplace):
    rows = pl.read_parquet(workplace / "run" / "recommendations.parquet")
    cells = re.findall(r"^\| ([^|]+) \|", PAGES["reference/output.md"], re.MULTILINE)
    told = {word.strip("`") for cell in cells for word in cell.split(", ")}
    assert set(rows.columns) - told == set()
    assert set(rows["flags"].explode().drop_nulls()) - told == set()


def test_the_reference_of_output_has_every_key_of_a_record(workplace):
    record = json.loads((workplace / "run" / "run.json").read_text())
    section = PAGES["reference/output.md"].split("## run.json")[1].split("\n## ")[0]
    assert set(record) - set(re.findall(r"`(\w+)`", section)) == set()


def test_the_site_needs_no_network():
    """Neither the theme's fonts nor a script from elsewhere."""
    settings = (ROOT / "mkdocs.yml").read_text()
    assert "font: false" in settings
    assert "http" not in settings


def test_the_source_distribution_holds_the_site_and_the_wheel_does_not():
    targets = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    assert {"docs", "mkdocs.yml"} <= set(targets["targets"]["sdist"]["include"])
    assert targets["targets"]["wheel"]["packages"] == ["ecosystem_graph"]
