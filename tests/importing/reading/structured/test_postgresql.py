import pytest
import sqlalchemy as sa

from ecosystem_graph.importing.reading.grid import UnreadableInputError
from ecosystem_graph.importing.reading.structured.database import (
    frame_of_query,
    frame_of_table,
    table_names,
)


@pytest.fixture
def database(postgresql, monkeypatch):
    engine = sa.create_engine(postgresql)
    with engine.begin() as connection:
        connection.exec_driver_sql("drop table if exists partner")
        connection.exec_driver_sql(
            "create table partner (id uuid, revenue numeric(12, 2), left_on date,"
            " changed timestamptz, active boolean, tags text[], profile jsonb)"
        )
        connection.exec_driver_sql(
            "insert into partner values ('00000000-0000-0000-0000-00000000000a', 1234.50,"
            " '2026-03-31', '2026-03-31 23:30:00+02', true, array['a', 'b'], '{\"k\": 1}')"
        )
        connection.exec_driver_sql("create sequence if not exists numbers")
        connection.exec_driver_sql("insert into partner (active) values (null)")
    engine.dispose()
    monkeypatch.setenv("PARTNER_DB", postgresql)
    return "env:PARTNER_DB"


def test_decimals_uuids_and_aware_instants_are_text(database):
    frame = frame_of_query(
        database, "select id, revenue, left_on, changed, active, tags from partner order by id"
    )
    assert frame.row(0) == (
        "00000000-0000-0000-0000-00000000000a",
        "1234.5",
        "2026-03-31",
        "2026-03-31T21:30:00Z",
        "true",
        "a;b",
    )
    assert frame.row(1) == (None,) * 6


def test_tables_are_listed_and_read(database):
    assert "partner" in table_names(database)
    assert frame_of_table(database, "partner").height == 2


def test_casts_and_percent_signs_are_left_alone(database):
    query = "select revenue::text as r from partner where revenue::text like '%.50'"
    assert frame_of_query(database, query).rows() == [("1234.50",)]


@pytest.mark.parametrize(
    "statement",
    [
        "delete from partner",
        "drop table partner",
        "with gone as (delete from partner returning id) select id from gone",
        "select nextval('numbers')",
        "select 1; delete from partner",
    ],
)
def test_nothing_can_be_written(database, statement):
    with pytest.raises(UnreadableInputError):
        frame_of_query(database, statement)
    assert frame_of_query(database, "select count(*) as n from partner").rows() == [("2",)]


def test_no_file_of_the_server_is_a_table(database):
    with pytest.raises(UnreadableInputError, match="does not exist"):
        frame_of_query(database, "select * from read_csv('/etc/passwd')")


def test_a_server_that_does_not_answer_is_named_without_its_password(monkeypatch):
    monkeypatch.setenv("PARTNER_DB", "postgresql+psycopg://reader:s3cret@127.0.0.1:9/partners")
    with pytest.raises(UnreadableInputError, match="cannot be read from the database") as caught:
        frame_of_query("env:PARTNER_DB", "select 1")
    assert "s3cret" not in str(caught.value)
