import pytest
import sqlalchemy as sa

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.structured.database import (
    frame_of_query,
    frame_of_table,
    is_database,
    table_names,
)


@pytest.fixture
def database(tmp_path, monkeypatch):
    """A SQLite database of two partners, in the environment variable PARTNER_DB."""
    url = f"sqlite:///{tmp_path / 'partners.db'}"
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "create table partner (id text, revenue numeric, left_on date, note text)"
        )
        connection.exec_driver_sql(
            "insert into partner values ('001', 12.50, '2026-03-31', ''), ('002', 3, null, ':x %')"
        )
        connection.exec_driver_sql('create view "Active Partners" as select id from partner')
    engine.dispose()
    monkeypatch.setenv("PARTNER_DB", url)
    return "env:PARTNER_DB"


def test_rows_of_a_query_are_text(database):
    frame = frame_of_query(database, "select id, revenue, left_on, note from partner order by id")
    assert frame.rows() == [("001", "12.5", "2026-03-31", None), ("002", "3", None, ":x %")]


def test_colons_and_percent_signs_of_a_query_are_left_alone(database):
    query = "select id from partner where note like ':x %' and ':a' <> '%s'"
    assert frame_of_query(database, query).rows() == [("002",)]


def test_columns_of_one_name_are_both_kept(database):
    frame = frame_of_query(database, "select a.id, b.id from partner a join partner b using (id)")
    assert frame.columns == ["id", "id #2"]


def test_a_query_without_rows_has_its_columns(database):
    frame = frame_of_query(database, "select id, note from partner where id = 'x'")
    assert (frame.columns, frame.height) == (["id", "note"], 0)


def test_tables_and_views_are_listed_and_read(database):
    assert table_names(database) == ["Active Partners", "partner"]
    assert frame_of_table(database, "Active Partners").rows() == [("001",), ("002",)]
    with pytest.raises(UnreadableInputError, match=r"Did you mean 'partner'\? Found: Active"):
        frame_of_table(database, "partners")


@pytest.mark.parametrize(
    "statement",
    ["delete from partner", "insert into partner (id) values ('x')", "drop table partner"],
)
def test_nothing_can_be_written(database, statement):
    with pytest.raises(UnreadableInputError):
        frame_of_query(database, statement)
    assert frame_of_query(database, "select count(*) as n from partner").rows() == [("2",)]


@pytest.mark.parametrize(
    "query",
    [
        "select 1; delete from partner",
        "select ';'; select 2",
        "select 1 -- it's\n; delete from partner --'",
        "select 1 /* ' */; select 2 /* ' */",
    ],
)
def test_a_query_is_one_statement(database, query):
    with pytest.raises(UnreadableInputError, match="several statements"):
        frame_of_query(database, query)


def test_semicolons_in_quotes_comments_and_at_the_end_are_none(database):
    query = "select id from partner where note <> 'a; b' -- one; two\n and id = '002';\n"
    assert frame_of_query(database, query).rows() == [("002",)]


def test_a_mistake_in_a_query_is_said_in_the_databases_words(database):
    with pytest.raises(UnreadableInputError, match="no such column: nam"):
        frame_of_query(database, "select nam from partner")


def test_a_database_is_named_by_a_variable_alone(monkeypatch, tmp_path):
    with pytest.raises(UnreadableInputError, match="write env:NAME"):
        frame_of_query("sqlite:///x.db", "select 1")
    with pytest.raises(UnreadableInputError, match="variable NO_SUCH with a SQLAlchemy URL"):
        frame_of_query("env:NO_SUCH", "select 1")
    monkeypatch.setenv("BAD", "secret-password")
    with pytest.raises(UnreadableInputError, match="has no SQLAlchemy URL") as caught:
        frame_of_query("env:BAD", "select 1")
    assert "secret" not in str(caught.value)
    monkeypatch.setenv("BAD", "nosuch+driver://user:secret@host/db")
    with pytest.raises(UnreadableInputError, match="not installed") as caught:
        frame_of_query("env:BAD", "select 1")
    assert "secret" not in str(caught.value)
    missing = tmp_path / "missing.db"
    monkeypatch.setenv("BAD", f"sqlite:///{missing}")
    with pytest.raises(UnreadableInputError, match="has no SQLite database at"):
        frame_of_query("env:BAD", "select 1")
    assert not missing.exists()


def test_only_a_name_with_its_prefix_is_a_database():
    assert is_database("env:PARTNER_DB")
    assert not is_database("exports")
    assert not is_database(None)
