"""Words as people write them: the one that is meant, or a message that helps."""

import pytest

from ecosystem_graph import read_tables


def encoded(encoding):
    return lambda text: text.encode(encoding, "replace")


OUTCOMES = {
    "capitals": {"won": "Won", "lost": "LOST"},
    "blanks around": {"won": " won ", "lost": "lost "},
    "as sales say": {"won": "Closed Won", "lost": "Closed Lost"},
}


@pytest.mark.parametrize("kind", ["capitals", "blanks around"])
def test_outcomes_are_read_in_any_case(acme, clean_lists, kind):
    acme.change("deals", outcome=OUTCOMES[kind].get)
    assert acme.ask("check").exit_code == 0
    assert acme.lists() == clean_lists


def test_outcomes_that_are_not_ours_are_told_once_each_with_what_is_allowed(acme):
    acme.change("deals", outcome=OUTCOMES["as sales say"].get)
    done = acme.ask("check")
    if done.exit_code:
        assert "Closed Won" in done.stdout
        assert "won" in done.stdout
        assert len(done.stdout.splitlines()) < 25


COUNTRIES = {
    "names": {"DE": "Germany", "GB": "United Kingdom", "US": "United States", "FR": "France"},
    "names in capitals": {"DE": "GERMANY", "GB": "UNITED KINGDOM", "US": "USA", "FR": "FRANCE"},
    "small letters": {"DE": "de", "GB": "gb", "US": "us", "FR": "fr"},
    "three letters": {"DE": "DEU", "GB": "GBR", "US": "USA", "FR": "FRA"},
    "other codes": {"DE": "DE", "GB": "UK", "US": "US", "FR": "FR"},
    "long names": {"US": "United States of America", "DE": "Germany", "GB": "Great Britain"},
}


@pytest.mark.parametrize("names", COUNTRIES.values(), ids=COUNTRIES)
@pytest.mark.parametrize("table", ["partners", "deals"])
def test_a_country_is_one_market_whatever_it_is_called(acme, clean_lists, names, table):
    column = {"partners": "country", "deals": "territory"}[table]
    acme.change(table, **{column: lambda code: names.get(code, code)})
    done = acme.ask("check")
    assert done.exit_code == 0
    assert "no ISO" not in done.stdout
    assert acme.lists() == clean_lists


@pytest.mark.parametrize("asked", ["DE", "Germany", "germany", "DEU"])
def test_a_territory_can_be_asked_for_by_any_name_of_it(acme, asked):
    acme.change("partners", country=lambda code: "Germany" if code == "DE" else code)
    found = {collaborator for _, _, collaborator, _ in acme.lists("--territory", asked)}
    assert found == {"p-2", "p-6", "p-7"}


@pytest.mark.parametrize("word", ["NULL", "null", "N/A", "#N/A", "nan", "None"])
def test_words_for_nothing_are_told_once_each_with_what_to_write(acme, clean_lists, word):
    acme.change("partners", tier=word)
    done = acme.ask("check")
    assert done.exit_code == 0
    assert done.stdout.count(word) == 1
    assert acme.lists() == clean_lists
    acme.change("partners", parent_id=word, status=word)
    acme.write()
    done = acme.ask("check")
    assert "write nothing" in done.stdout.casefold()
    assert len(done.stdout.splitlines()) < 20


def test_a_partner_may_be_called_none(acme):
    acme.cell("partners", 0, name="None")
    assert read_tables(acme.write())["partners"]["name"][0] == "None"


def test_an_amount_below_nothing_loses_no_deal(acme, clean_lists):
    acme.change("deals", amount=lambda cell: f"-{cell}")
    done = acme.ask("check")
    assert done.exit_code == 0, done.stdout
    assert acme.lists() == clean_lists


def test_certificates_without_a_column_of_evidence_count_and_that_is_told(acme):
    acme.tables["partner_capabilities"] = acme.tables["partner_capabilities"].drop("evidence")
    done = acme.ask("check")
    assert done.exit_code == 0
    assert "evidence" in done.stdout


# Text that a program did not write as it should.


def test_a_letter_of_a_code_page_is_told_by_its_row_and_blames_no_other_table(acme):
    acme.cell("partners", 3, name="Délta Data")
    done = acme.ask("check") if acme.write(encoded("cp1252")) else None
    if done.exit_code:
        assert "partners.csv:5" in done.stdout
        assert "is not in partners" not in done.stdout
        assert len([line for line in done.stdout.splitlines() if "p-4" in line]) <= 2
    else:
        assert read_tables(acme.folder)["partners"]["name"][3] == "Délta Data"


def test_a_column_nobody_reads_spoils_no_row(acme, clean_lists):
    acme.change("partners", street=["Straße 1"] * 8)
    acme.write(encoded("cp1252"))
    assert acme.ask("check").exit_code == 0
    assert acme.lists() == clean_lists


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32"])
def test_an_encoding_without_a_mark_is_read_or_named(acme, clean_lists, encoding):
    acme.write(encoded(encoding))
    done = acme.ask("check")
    if done.exit_code:
        assert "UTF-" in done.stdout
        assert "\0" not in done.stdout
        assert "Found: p" not in done.stdout
    else:
        assert acme.lists() == clean_lists


@pytest.mark.parametrize("header", ["Partner Name", "nam", "names"])
def test_a_header_of_another_word_is_read_or_gets_a_hint(acme, clean_frames, header):
    acme.tables["partners"] = acme.tables["partners"].rename({"name": header})
    done = acme.ask("check")
    if done.exit_code:
        assert f"Is it '{header}'?" in done.stdout
    else:
        assert read_tables(acme.folder)["partners"].equals(clean_frames["partners"])


@pytest.mark.parametrize("cell", ["\x1b[2J", "\x1b]0;owned\x07", "a\x9b31mb", "a\rb"])
def test_what_a_terminal_would_obey_is_shown_not_sent(acme, cell):
    acme.cell("partners", 2, partner_id=f"p-3{cell}", name=f"Crane {cell}")
    acme.cell("deals", 2, outcome=cell)
    for command in (["check"], ["recommend", "--model", "default"]):
        done = acme.ask(*command)
        told = done.stdout + done.stderr
        assert not any(ord(letter) < 32 and letter != "\n" for letter in told)
        assert "\x9b" not in told
