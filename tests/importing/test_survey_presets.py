"""What the presets of surveys and certificates make of their exports."""

from datetime import date
from pathlib import Path

import pytest

from ecosystem_graph.errors import DataError
from ecosystem_graph.importing import import_tables

EXPORTS = Path(__file__).parent / "exports"
NORD, ALPINE, BLUE = (f"001A0000006Vm9{letter}IAC" for letter in "rst")


def imported(preset):
    return import_tables([EXPORTS / preset, EXPORTS / "salesforce"], presets=["salesforce", preset])


def left_out(found, table, rule):
    (one,) = [one for one in found.account.rules if (one.table, one.rule) == (table, rule)]
    return dict(one.left_out)


def test_qualtrics_responses_below_three_rows_in_german_are_matched_and_dated():
    csat = imported("qualtrics").tables["csat"]
    columns = ["response_id", "partner_id", "responded_on", "score", "scale_max", "n"]
    assert csat.select(columns).rows() == [
        ("R_1", NORD, date(2025, 4, 1), 5.0, 5.0, 1),
        ("R_2", ALPINE, date(2025, 4, 2), 4.0, 5.0, 1),
    ]
    assert csat["deal_id"].to_list() == ["006A000000KqzBGIAZ", None]


def test_qualtrics_previews_unfinished_and_empty_responses_are_left_out_and_counted():
    found = imported("qualtrics")
    assert sum(left_out(found, "csat", "responses").values()) == 4
    assert len(left_out(found, "csat", "responses")) == 4
    assert found.matches.select("value", "candidate_id").rows() == [("Alpin Cloud", ALPINE)]


def test_a_kind_of_response_that_is_not_known_is_asked_about(tmp_path):
    text = (EXPORTS / "qualtrics" / "responses.csv").read_text(encoding="utf-8")
    (tmp_path / "responses.csv").write_text(text.replace(",0,192.0.2.6", ",Spam,192.0.2.6"))
    with pytest.raises(DataError) as caught:
        import_tables([tmp_path, EXPORTS / "salesforce"], presets=["salesforce", "qualtrics"])
    assert "'Spam' (1 row) stands for none of 1" in str(caught.value)


def test_the_group_of_a_net_promoter_question_is_no_score(tmp_path):
    (tmp_path / "acme.toml").write_text(
        'schema = 1\npresets = ["salesforce", "qualtrics"]\n'
        '[tables.csat.responses]\ncolumns.score = "Score_NPS_GROUP"\n'
    )
    with pytest.raises(DataError, match="Promoter"):
        import_tables([EXPORTS / "qualtrics", EXPORTS / "salesforce"], tmp_path / "acme.toml")


def test_surveymonkey_responses_below_two_rows_are_dated_month_first():
    found = imported("surveymonkey")
    columns = ["response_id", "partner_id", "responded_on", "score"]
    assert found.tables["csat"].select(columns).rows() == [
        ("118001", NORD, date(2025, 4, 1), 5.0),
        ("118002", BLUE, date(2025, 4, 2), 4.0),
    ]
    assert sum(left_out(found, "csat", "surveymonkey").values()) == 2


def test_badges_are_counted_by_people_for_each_company():
    found = imported("badges")
    columns = ["partner_id", "capability_id", "valid_from", "valid_to", "level", "evidence"]
    assert found.tables["partner_capabilities"].select(columns).rows() == [
        (NORD, "Cloud Security", date(2024, 3, 1), date(2027, 3, 1), "2", "certified"),
        (ALPINE, "DP-100", date(2024, 5, 1), None, "2", "certified"),
    ]
    (rate,) = found.account.matches
    assert (rate.rows, rate.matched, rate.unmatched) == (6, 5, [("(free e-mail)", 1)])


@pytest.mark.parametrize("preset", ["qualtrics", "surveymonkey", "badges"])
def test_nothing_of_a_person_is_written(preset, tmp_path):
    imported(preset).write(tmp_path / "out", format="csv")
    imported(preset).complete_review(tmp_path / "review")
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for private in (b"freshfoods", b"nordlicht.example", b"192.0.2", b"private remark", b"Ben"):
        assert private not in written
