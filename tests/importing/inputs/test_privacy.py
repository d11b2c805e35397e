import polars as pl
import pytest

from ecosystem_graph.importing.inputs.privacy import is_personal, looks_personal


@pytest.mark.parametrize(
    "name",
    [
        "RecipientEmail",
        "E-mail",
        "Phone",
        "BILLINGSTREET",
        "First Name",
        "LASTNAME",
        "Opportunity Owner",
        "OwnerId",
        "Created By",
        "LastModifiedById",
        "IP Address",
        "LocationLatitude",
        "Next Step",
        "Description",
        "Team member 1",
        "Date of birth",
    ],
)
def test_a_field_of_persons_is_known_by_a_word_of_its_name(name):
    assert is_personal(name)


@pytest.mark.parametrize(
    "name", ["OWNERSHIP", "Name", "Company name", "Account Name", "Microphones sold", "Stage", "Id"]
)
def test_a_field_of_companies_is_not(name):
    assert not is_personal(name)


def test_values_that_look_like_addresses_are_seen_from_one_in_a_hundred_on():
    some = pl.Series(["c-1"] * 98 + ["ann@example.com"] * 2)
    few = pl.Series(["c-1"] * 200 + ["ann@example.com"])
    assert looks_personal(some) == "an e-mail address"
    assert looks_personal(few) == ""
    assert looks_personal(pl.Series(["+49 40 555 0100"])) == "a phone number"


def test_ids_are_no_phone_numbers():
    ids = pl.Series(["0012345678", "15-048-3782", "001A0000006Vm9r", "2025-01-31", "4711"])
    assert looks_personal(ids) == ""
