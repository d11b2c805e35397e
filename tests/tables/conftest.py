import pytest

ACME = {
    "partners": "partner_id,name,country\np-1,Acme,UK\np-2,Bolt,\np-3,Core,DACH\n",
    "capabilities": "capability_id,name\ncrm,CRM\n",
    "partner_capabilities": "partner_id,capability_id,valid_from\np-1,crm,\n",
    "deals": (
        "deal_id,opened_on,closed_on,outcome\n"
        "d-1,2024-01-10,2024-06-30,won\n"
        "d-2,2024-05-01,2024-05-31,lost\n"
    ),
    "deal_partners": "deal_id,partner_id,role\nd-1,p-1,lead\nd-1,p-2,\nd-2,p-3,\n",
}


@pytest.fixture
def acme(tmp_path):
    """Write a small sound ecosystem, with some tables replaced (None: left out)."""

    def write(**tables):
        folder = tmp_path / "acme"
        folder.mkdir()
        for name, text in {**ACME, **tables}.items():
            if text is not None:
                data = text if isinstance(text, bytes) else text.encode()
                (folder / f"{name}.csv").write_bytes(data)
        return folder

    return write
