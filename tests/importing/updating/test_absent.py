from ecosystem_graph.importing.mapping.presets import load_mapping
from ecosystem_graph.importing.updating.absent import absent_notes

SALESFORCE = load_mapping(None, ["salesforce"])


def told(notes):
    """Table and input of each note."""
    return [(note.split()[0], note.split(" of ")[2].split(",")[0]) for note in notes]


def test_an_input_that_values_are_looked_up_in_is_missed():
    assert told(absent_notes(SALESFORCE, ["opportunity"])) == [("deals", "account")]
    assert absent_notes(SALESFORCE, ["opportunity", "account", "program_member"]) == []


def test_an_input_that_makes_up_the_same_rows_is_missed(tmp_path):
    path = tmp_path / "acme.toml"
    path.write_text(
        'schema = 1\npresets = ["prm"]\n[tables.partners.crm]\nfrom = "crm"\n'
        'columns.partner_id = "Id"\n'
    )
    mapping = load_mapping(path)
    assert told(absent_notes(mapping, ["crm"])) == [("partners", "prm_partners")]
    assert absent_notes(mapping, ["crm", "prm_partners"]) == []


def test_inputs_that_add_rows_of_their_own_are_not_missed():
    assert absent_notes(SALESFORCE, ["opportunity_partner"]) == []
