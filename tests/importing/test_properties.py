"""Properties of any import: nothing but a result or an error of ours; nothing unmapped gets out."""

from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ecosystem_graph.errors import DataError, MappingError
from ecosystem_graph.importing import import_tables
from ecosystem_graph.importing.mapping.toml_text import toml_text
from ecosystem_graph.tables.schema.columns import key_of
from ecosystem_graph.tables.schema.definitions import TABLES

FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))

DEALS = (
    "Deal,Customer,Partner 1,Partner 2,Tags,Value,Closed,Won\n"
    'd1,c1,Acme,Bond,x;y,"1,5",03/04/2026,true\n'
    "d2,c2,Bond,,y,€ 12,2026-04-13T23:30:00Z,false\n"
    "d2,c2,Core,Acme,,n/a,13.04.2026,\n"
)

fields = st.sampled_from(
    [
        "Deal",
        "Customer",
        "Partner 1",
        "Partner *",
        "Tags",
        "Value",
        "Closed",
        "Won",
        "Gone?",
        "Go*?",
    ]
)
texts = st.sampled_from(["", "won", "keep", "{Deal}-{Won}", "{}", "{Gone?}", "x", "1", "EUR"])
simple = st.one_of(
    fields,
    st.fixed_dictionaries({"const": texts}),
    st.fixed_dictionaries({"text": texts}),
    st.fixed_dictionaries(
        {"field": fields},
        optional={
            "values": st.dictionaries(texts, texts, max_size=3),
            "otherwise": texts,
            "split": st.sampled_from([";", ",", ""]),
            "part": st.integers(0, 3),
            "as": st.sampled_from(["domain", "digits", "salesforce_id"]),
            "format": st.sampled_from(["%d/%m/%Y", "%Q", ""]),
            "timezone": st.sampled_from(["Europe/Berlin", "Nowhere"]),
            "decimal": st.sampled_from([".", ","]),
            "take": st.sampled_from(["min", "max", "first", ["won", "x"]]),
            "lookup": st.sampled_from(["codes", "none"]),
        },
    ),
    st.fixed_dictionaries(
        {"fields": st.lists(fields, min_size=1, max_size=2)},
        optional={
            "match": st.lists(st.sampled_from(["name", "domain", "deal", "crm"]), max_size=2)
        },
    ),
    st.fixed_dictionaries({"count": texts, "of": fields}),
)
expressions = st.one_of(
    simple, st.fixed_dictionaries({"first": st.lists(simple, min_size=1, max_size=3)})
)
conditions = st.dictionaries(
    fields,
    st.one_of(
        texts,
        st.lists(texts, max_size=2),
        st.fixed_dictionaries({"not": st.lists(texts, max_size=2)}),
        st.fixed_dictionaries({"empty": st.booleans()}),
        st.fixed_dictionaries({"in": st.sampled_from(["deals.Deal", "other.X", "deals"])}),
    ),
    max_size=2,
)


@st.composite
def rules(draw, table):
    columns = TABLES[table].column_names()
    stated = draw(st.dictionaries(st.sampled_from(columns), expressions, max_size=4))
    for column in key_of(TABLES[table])[:2]:
        stated.setdefault(column, draw(fields))
    rule = {"from": draw(st.sampled_from(["deals", "deals", "deals", "gone"])), "columns": stated}
    rule |= draw(
        st.fixed_dictionaries(
            {},
            optional={
                "where": conditions,
                "any": st.lists(conditions, max_size=2),
                "group": st.booleans(),
            },
        )
    )
    return rule


@st.composite
def mappings(draw):
    tables = draw(st.sets(st.sampled_from(list(TABLES)), max_size=3)) | {"partners", "deals"}
    return {
        "schema": 1,
        "settings": draw(
            st.fixed_dictionaries(
                {},
                optional={
                    "date_order": st.sampled_from(["dmy", "mdy"]),
                    "decimal": st.sampled_from([".", ","]),
                    "currency": st.sampled_from(["EUR", "Euro"]),
                    "timezone": st.sampled_from(["UTC", "Asia/Tokyo"]),
                    "repairs": st.lists(st.sampled_from(["same_row_twice"]), max_size=1),
                },
            )
        ),
        "lookups": {
            "codes": {"from": "deals", "key": draw(expressions), "value": draw(expressions)}
        },
        "identity": draw(
            st.fixed_dictionaries(
                {"system": texts, "from": st.just("deals")},
                optional={
                    "systems": st.dictionaries(st.sampled_from(["domain", "crm"]), expressions),
                    "merged": st.just({"from": "deals", "old": "Partner 1", "new": "Partner 2"}),
                    "mentioned": st.sampled_from(["add", "problem"]),
                },
            )
        ),
        "tables": {table: {"one": draw(rules(table))} for table in sorted(tables)},
    }


def run(files, mapping=None, presets=()):
    """Import files; None if they are refused as they should be."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary, "exports")
        folder.mkdir()
        for name, data in files.items():
            (folder / name).write_bytes(data)
        path = None
        if mapping is not None:
            path = Path(temporary, "m.toml")
            path.write_text(toml_text(mapping), encoding="utf-8")
        try:
            imported = import_tables(folder, path, presets=presets)
        except (DataError, MappingError):
            return None, b""
        imported.write(Path(temporary, "out"), format="csv")
        written = sorted(path for path in Path(temporary, "out").rglob("*") if path.is_file())
        return imported, b"".join(path.read_bytes() for path in written)


@given(mappings())
@FEW
def test_any_mapping_of_the_grammar_gives_a_result_or_an_error_of_ours(mapping):
    imported, _ = run({"deals.csv": DEALS.encode()}, mapping)
    if imported is not None:
        for rule in imported.account.rules:
            assert rule.read == rule.written + sum(rule.left_out.values())


json = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=12,
)
keys = st.sampled_from(
    ["schema", "settings", "inputs", "lookups", "identity", "tables", "presets", "deals", "from"]
)


@given(st.dictionaries(keys, st.one_of(json, st.dictionaries(keys, json, max_size=3)), max_size=5))
@FEW
def test_any_toml_at_all_gives_an_error_of_ours(document):
    plain = _without_none(document)
    imported, _ = run({"deals.csv": DEALS.encode()}, plain)
    assert imported is None


def _without_none(value):
    if isinstance(value, dict):
        return {key: _without_none(one) for key, one in value.items() if one is not None}
    if isinstance(value, list):
        return [_without_none(one) for one in value if one is not None]
    return value


SHEET = {
    "schema": 1,
    "settings": {"date_order": "dmy", "currency": "EUR", "decimal": ","},
    "tables": {
        "partners": {"one": {"from": "deals", "columns": {"partner_id": "P *", "name": "P *"}}},
        "deals": {
            "one": {
                "from": "deals",
                "columns": {"deal_id": "Deal", "amount": "Value", "outcome": {"const": "open"}},
            }
        },
        "deal_partners": {
            "one": {"from": "deals", "columns": {"deal_id": "Deal", "partner_id": "P *"}}
        },
    },
}


@given(st.binary(max_size=300))
@example(b"Deal,P 1,Value\nd,p,1\n")
@FEW
def test_any_bytes_as_a_file_give_a_result_or_an_error_of_ours(data):
    run({"deals.csv": data}, SHEET)
    run({"Account.csv": b"Id,Name,Type,BillingCountry\n" + data}, presets=["salesforce"])


ids = st.text("abcxyz", min_size=1, max_size=4)


@given(
    st.lists(st.tuples(ids, ids, ids, st.integers(1, 999)), min_size=1, max_size=8),
    st.randoms(use_true_random=False),
)
@FEW
def test_the_order_of_rows_changes_no_table(rows, random):
    unique = list({row[0]: row for row in rows}.values())
    lines = [f"{deal};{one};{other};{value},5\n" for deal, one, other, value in unique]
    shuffled = random.sample(lines, len(lines))
    header = "Deal;P 1;P 2;Value\n"
    first, _ = run({"deals.csv": (header + "".join(lines)).encode()}, SHEET)
    second, _ = run({"deals.csv": (header + "".join(shuffled)).encode()}, SHEET)
    assert (first is None) == (second is None)
    if first is not None:
        for name in first.tables:
            assert first.tables[name].equals(second.tables[name])


@given(st.lists(st.text("QWERTZ", min_size=6, max_size=12), min_size=1, max_size=4, unique=True))
@FEW
def test_no_value_of_a_column_that_is_not_mapped_is_in_any_byte_written(secrets):
    lines = [f"d{n};Acme;Bond;7;{secret}\n" for n, secret in enumerate(secrets)]
    source = ("Deal;P 1;P 2;Value;Secret\n" + "".join(lines)).encode()
    imported, written = run({"deals.csv": source}, SHEET)
    assert imported is not None
    assert b"Acme" in written
    assert not any(secret.encode() in written for secret in secrets)


@given(st.lists(st.tuples(ids, ids, ids), min_size=1, max_size=8))
@FEW
def test_provenance_has_each_key_of_each_table_once(rows):
    unique = list({row[0]: row for row in rows}.values())
    source = "Deal;P 1;P 2;Value\n" + "".join(f"{';'.join(row)};1\n" for row in unique)
    imported, _ = run({"deals.csv": source.encode()}, SHEET)
    if imported is None:
        return
    for name in imported.tables.provided:
        parts = [pl.col(one).cast(pl.String).fill_null("") for one in key_of(TABLES[name])]
        keys = imported.tables[name].select(pl.concat_str(parts, separator="\x1f")).to_series()
        assert sorted(keys) == sorted(imported.provenance.filter(table=name)["key"])
