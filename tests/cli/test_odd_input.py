"""What a vendor's folder may look like, at the two commands that meet it first."""

import json
from time import perf_counter

import polars as pl
import pytest

PARTNERS = "partner_id,name\nann,Ann\nbob,Bob\ncy,Cy\n"
DEALS = "deal_id,closed_on,outcome\nd-1,2024-06-01,won\nd-2,2024-06-01,won\n"
TEAMS = "deal_id,partner_id\nd-1,ann\nd-1,bob\nd-2,bob\nd-2,cy\n"
SOUND = {"partners": PARTNERS, "deals": DEALS, "deal_partners": TEAMS}

#: Folders that cannot be used as they are, and what the message must name.
WRONG = {
    "nothing at all": ({}, ["partners.csv", "deals.csv", "is missing"]),
    "no partners": ({"deals": DEALS, "deal_partners": TEAMS}, ["partners.csv", "is missing"]),
    "no deals and no capabilities": ({"partners": PARTNERS}, ["partner_capabilities.csv"]),
    "a partner in deals that partners lacks": (
        {**SOUND, "deal_partners": TEAMS + "d-2,dan\n"},
        ["deal_partners.csv:6", "partner_id 'dan' is not in partners"],
    ),
    "a key twice": ({**SOUND, "partners": PARTNERS + "ann,Anne\n"}, ["partners.csv:5", "'ann'"]),
    "a day that is not in the calendar": (
        {**SOUND, "deals": DEALS + "d-3,2024-02-30,won\n"},
        ["deals.csv:4", "2024-02-30"],
    ),
    "a certificate that ended before it began": (
        {
            **SOUND,
            "partner_capabilities": "partner_id,capability_id,valid_from,valid_to\n"
            "ann,crm,2024-06-02,2024-06-01\n",
        },
        ["partner_capabilities.csv:2"],
    ),
    "deals that ended on no day": (
        {**SOUND, "deals": "deal_id,outcome\nd-1,won\nd-2,lost\n"},
        ["deals.csv", "closed_on is empty in all 2 won or lost deals"],
    ),
    "a deal won a lifetime after all others": (
        {
            **SOUND,
            "deals": DEALS
            + "".join(f"e-{n},2024-03-0{n},won\n" for n in range(1, 10))
            + "f-1,2104-06-01,won\n",
        },
        ["deals.csv", "closed_on 2104-06-01 of deal_id 'f-1' lies far beyond all others"],
    ),
    "an outcome that is not in the list": (
        {**SOUND, "deals": DEALS + "d-3,2024-06-01,wonn\n"},
        ["deals.csv:4", "Did you mean 'won'?"],
    ),
    "text that is not UTF-8": (
        {**SOUND, "partners": "partner_id,name\nann,Sørensen\n".encode("latin-1")},
        ["partners.csv:2", "UTF-8"],
    ),
    "a row with a cell too many": (
        {**SOUND, "partners": PARTNERS + "dan,Dan,Ltd\n"},
        ["partners.csv:5"],
    ),
    "a row with a cell too few": ({**SOUND, "partners": PARTNERS + "dan\n"}, ["partners.csv:5"]),
    "many problems": (
        {**SOUND, "deal_partners": TEAMS + "".join(f"d-1,x{n}\n" for n in range(500))},
        ["500 problems, of 1 kind", "the same in 499 more rows: 7 'x1', 8 'x2'"],
    ),
}


@pytest.mark.parametrize(("files", "named"), WRONG.values(), ids=WRONG)
def test_recommend_tells_what_is_wrong_on_one_screen_and_writes_nothing(
    ask, texts, tmp_path, files, named
):
    data, before = texts(**files), sorted(tmp_path.rglob("*"))
    done = ask("recommend", data, "--model", "default", "--output", tmp_path / "run")
    assert done.exit_code == 1
    assert done.stdout == ""
    assert len(done.stderr.splitlines()) <= 25
    assert "Traceback" not in done.stderr
    for part in named:
        assert part in done.stderr
    assert sorted(tmp_path.rglob("*")) == before


@pytest.mark.parametrize(("files", "named"), WRONG.values(), ids=WRONG)
def test_check_tells_the_same_and_fails(ask, texts, files, named):
    done = ask("check", texts(**files))
    assert done.exit_code == 1
    assert "Traceback" not in done.output
    for part in named:
        assert part in done.stdout


def test_columns_of_the_wrong_type_are_told(ask, tmp_path):
    for name, text in SOUND.items():
        pl.read_csv(text.encode()).write_parquet(tmp_path / f"{name}.parquet")
    pl.DataFrame({"partner_id": ["ann", "bob", "cy"], "name": [[1], [2], [3]]}).write_parquet(
        tmp_path / "partners.parquet"
    )
    done = ask("recommend", tmp_path, "--model", "default")
    assert done.exit_code == 1
    assert "partners.parquet" in done.stderr
    assert "name" in done.stderr


def test_a_file_that_is_no_parquet_is_told(ask, texts):
    data = texts(**SOUND)
    (data / "csat.parquet").write_text("response_id")
    done = ask("recommend", data, "--model", "default")
    assert done.exit_code == 1
    assert "csat.parquet  cannot be read as Parquet" in done.stderr


@pytest.mark.parametrize("command", ["recommend", "check", "evaluate", "train", "explain"])
def test_data_that_is_not_there_names_what_ships(ask, tmp_path, command):
    more = {
        "evaluate": ["--cutoff", "2024-01-01"],
        "train": ["--output", tmp_path / "model"],
        "explain": ["ann", "bob"],
    }.get(command, [])
    done = ask(command, "horizon_2020", *more)
    assert done.exit_code == 1
    assert "no folder 'horizon_2020'" in done.stderr
    assert "Did you mean 'horizon2020'?" in done.stderr


# What is odd and right.


def recommended(ask, data, *arguments):
    done = ask("recommend", data, "--model", "default", "--json", *arguments)
    assert done.exit_code == 0, done.stderr
    return json.loads(done.stdout)


def pairs(told):
    return {(row["partner_id"], row["collaborator_id"]) for row in told["recommendations"]}


ENDS = {("ann", "cy"), ("cy", "ann")}


def test_a_byte_order_mark_line_ends_of_windows_and_commas_in_quotes_are_read(ask, texts):
    partners = 'partner_id,name\nann,"Ann, Sons & Co"\nbob,Bob\ncy,"Cy ""the"" One"\n'
    files = {**SOUND, "partners": partners}
    data = texts(
        **{
            name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
            for name, text in files.items()
        }
    )
    assert pairs(recommended(ask, data)) == ENDS
    assert pairs(recommended(ask, data, "--partner", "Ann, Sons & Co")) == {("ann", "cy")}
    assert pairs(recommended(ask, data, "--partner", 'Cy "the" One')) == {("cy", "ann")}


def test_a_deal_of_one_partner_pairs_nobody(ask, texts):
    data = texts(**{**SOUND, "deal_partners": "deal_id,partner_id\nd-1,ann\nd-2,bob\n"})
    told = recommended(ask, data)
    assert told["counts"]["pairs_with_joint_wins"] == 0
    assert len(told["recommendations"]) == 6


def test_a_consortium_of_186_is_ranked_in_a_moment(ask, folder):
    crowd = [f"c{n:03}" for n in range(186)]
    data = folder(wins=[crowd, "ann bob", "bob cy", ["cy", crowd[0]]])
    recommended(ask, data)  # loads and compiles
    started = perf_counter()
    told = recommended(ask, data)
    assert perf_counter() - started < 5
    assert told["counts"]["pairs_with_joint_wins"] == 186 * 185 // 2 + 3
    assert told["counts"]["lists"] == 189


@pytest.mark.parametrize("code", ["DACH", "SF Bay", "XK"])
def test_a_territory_that_iso_does_not_know_is_a_market(ask, folder, code):
    data = folder(partners={"ann": {}, "bob": {}, "cy": {"country": code}}, wins=["ann bob"])
    told = recommended(ask, data, "--territory", code)
    assert pairs(told) == {("ann", "cy"), ("bob", "cy")}


def test_a_partner_without_a_country_is_ranked_like_any_other(ask, folder):
    data = folder(partners={"ann": {"country": "DE"}, "bob": {"country": None}, "cy": {}})
    assert len(pairs(recommended(ask, data, "--as-of", "2025-01-01"))) == 6


def test_a_single_partner_has_nobody_to_be_paired_with(ask, folder, tmp_path):
    data = folder(partners="ann")
    run = ("--as-of", "2025-01-01", "--output", tmp_path / "run")
    told = recommended(ask, data, *run)
    assert "None of them can be paired" in told["why_empty"]
    assert pl.read_parquet(tmp_path / "run" / "recommendations.parquet").is_empty()


def test_everybody_knows_everybody(ask, folder):
    done = ask("recommend", folder(wins=["ann bob cy"]), "--model", "default")
    assert done.exit_code == 0
    assert "the partners have won with all others already" in done.stdout
    assert done.stdout.endswith("Use --include-known to rank known collaborators too.\n")
    assert (
        len(pairs(recommended(ask, folder("again", wins=["ann bob cy"]), "--include-known"))) == 6
    )


def test_no_deals_at_all_are_ranked_by_the_model_that_ships_which_says_so(ask, texts):
    held = "partner_id,capability_id\nann,crm\nbob,erp\n"
    data = texts(partners=PARTNERS, partner_capabilities=held)
    undated = ask("recommend", data)
    assert undated.exit_code == 1
    assert "--as-of" in undated.stderr
    done = ask("recommend", data, "--as-of", "2025-01-01")
    assert done.exit_code == 0
    assert "Model: default (too little history to learn from" in done.stdout
    assert "6 recommendations for 3 partners." in done.stdout


def test_rows_on_or_after_the_day_change_no_byte(ask, folder, tmp_path):
    rows = {"partners": "ann bob cy", "wins": {"d-1": "ann bob", "d-2": "bob cy"}}
    later = {"d-3": "ann cy", "d-4": "ann cy"}
    known = folder("known", **rows, csat=[])
    more = folder(
        "more",
        **{**rows, "wins": rows["wins"] | later},
        deals={"d-3": {"closed_on": "2025-01-01"}, "d-4": {"closed_on": "2026-01-01"}},
        csat=[{"partner_id": "ann", "responded_on": "2025-01-01"}],
        introductions=[
            {"partner_id": "ann", "collaborator_id": "cy", "introduced_on": "2025-01-01"}
        ],
        partner_capabilities=[
            {"partner_id": "ann", "capability_id": "crm", "valid_from": "2025-01-02"}
        ],
    )
    for name, data in (("one", known), ("two", more)):
        recommended(ask, data, "--as-of", "2025-01-01", "--output", tmp_path / name)
    one, two = (tmp_path / name / "recommendations.parquet" for name in ("one", "two"))
    assert one.read_bytes() == two.read_bytes()


# Bad rows set aside.


def test_quarantine_sets_bad_rows_aside_and_goes_on(ask, texts, tmp_path):
    data = texts(
        **{**SOUND, "partners": PARTNERS + "ann,Again\n", "deal_partners": TEAMS + "d-2,x\n"}
    )
    done = ask(
        "recommend", data, "--model", "default", "--json", "--quarantine", tmp_path / "aside"
    )
    assert done.exit_code == 0
    told = json.loads(done.stdout)
    assert pairs(told) == ENDS
    assert told["left_out"]["rows of partners set aside"] == 1
    assert told["left_out"]["rows of deal_partners set aside"] == 1
    assert f"set aside 1 row of partners in {tmp_path / 'aside'}" in done.stderr
    aside = pl.read_csv(tmp_path / "aside" / "deal_partners.csv")
    assert aside["quarantine_row"].to_list() == [6]


def test_quarantine_that_holds_something_is_refused(ask, texts, tmp_path):
    (tmp_path / "aside").mkdir()
    (tmp_path / "aside" / "mine.txt").touch()
    done = ask("recommend", texts(**SOUND), "--quarantine", tmp_path / "aside")
    assert done.exit_code == 1
    assert "is not empty" in done.stderr


@pytest.mark.parametrize("files", [{}, {"partners": PARTNERS}])
def test_quarantine_cannot_make_up_a_table(ask, texts, tmp_path, files):
    done = ask("recommend", texts(**files), "--quarantine", tmp_path / "aside")
    assert done.exit_code == 1
    assert "is missing" in done.stderr
    assert not (tmp_path / "aside").exists()
