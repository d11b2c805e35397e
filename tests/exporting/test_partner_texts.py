from ecosystem_graph.exporting.partner_texts import partner_texts, plain
from ecosystem_graph.exporting.run_rows import read_run

SHORT = "001x0000002xLCV"


def test_each_partner_has_a_section_with_who_what_and_why(run, tables):
    text = partner_texts(read_run(run(("p-1", SHORT), ("p-3", "p-1")), tables))
    assert text.startswith("# Recommended collaborations\n\nInternal. Run run, as of 2026-01-01.")
    first, second = text.split("\n## ")[1:]
    assert first.splitlines()[:8] == [
        r"=Alder\* (p-1)",
        "",
        "### 1. Birch (001x0000002xLCV)",
        "",
        "- Where: DE",
        "- Joint win within a year: 25.0 %",
        "- They bring: Backup; c-9",
        "- You bring: Backup",
    ]
    assert second.startswith("Core (p-3)")
    assert "Where you collide" not in text


def test_markup_in_a_name_is_text():
    assert plain("<b>A_B</b>\n# c") == r"\<b\>A\_B\</b\> \# c"
