"""Why a capability has no owner, and the partner nearest to owning it."""

import pytest

BOTH = {"capabilities": ["crm", "erp"], "lead": "ann"}


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ({"restrictions": {"bob": "dan"}}, "it and {} may not be paired"),
        (
            {
                "partners": {
                    "ann": {},
                    "bob": {"name": "Alder", "country": "DE"},
                    "dan": {"name": "Alder", "country": "DE"},
                }
            },
            "it and Alder are likely one company: one name in one country",
        ),
        ({"offerings": {"bob": "vpn", "dan": "vpn"}}, "it and {} both sell vpn in the market"),
        (
            {"partners": {"ann": {}, "bob": {"parent_id": "eve"}, "dan": {"parent_id": "eve"}}},
            "it and {} are of one family",
        ),
    ],
)
def test_the_nearest_candidate_is_named_with_the_conflict(answer, rows, why):
    held = {"bob": {"crm": "certified"}, "dan": {"erp": "certified"}}
    team = answer(BOTH, **{"partners": "ann", "partner_capabilities": held, **rows})
    (missing,) = team.uncovered
    (owner,) = (member for member in team.team if member.role == "owner")
    assert missing.why == "candidates for it conflict with the team"
    assert missing.nearest.partner_id == {"bob": "dan", "dan": "bob"}[owner.partner_id]
    assert missing.nearest.why_not == why.format(owner.partner_id)


def test_the_holder_of_a_sibling_is_nearest_where_no_partner_holds_the_capability(answer):
    tree = {"crm": {}, "crm-a": {"parent_id": "crm"}, "crm-b": {"parent_id": "crm"}, "odd": {}}
    team = answer(
        {"capabilities": ["crm-a", "odd", "oddd"], "lead": "ann"},
        partners="ann",
        capabilities=tree,
        partner_capabilities={"bob": {"crm-b": "certified"}},
    )
    unheard, near, odd = team.uncovered
    assert (unheard.capability_id, unheard.why) == (
        "oddd",
        "unknown capability. Did you mean 'odd'?",
    )
    assert (near.why, near.nearest.partner_id, near.nearest.holds) == (
        "no partner holds it",
        "bob",
        "crm-b",
    )
    assert odd.nearest is None
