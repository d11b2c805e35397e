"""Model folders that something happened to, by accident or on purpose."""

import io
import json
import shutil
import tomllib
import zipfile

import numpy as np

from attacks.values import NUMBERS, TEXTS
from ecosystem_graph.tables.packaging.shipped import shipped


def hostile_model(rng, folder):
    """Copy the model that ships, do something to a file of it, and say what."""
    shutil.copytree(shipped("models") / "default", folder)
    names = list(DEEDS)
    name = names[rng.integers(len(names))]
    return f"{name}: {DEEDS[name](rng, folder)}"


def bytes_changed(rng, folder):
    path = a_file(rng, folder)
    data = bytearray(path.read_bytes())
    for _ in range(int(rng.choice([1, 3, 50]))):
        data[int(rng.integers(len(data)))] = int(rng.integers(256))
    path.write_bytes(bytes(data))
    return path.name


def cut_off(rng, folder):
    path = a_file(rng, folder)
    data = path.read_bytes()
    path.write_bytes(data[: int(rng.integers(len(data)))])
    return path.name


def gone(rng, folder):
    path = a_file(rng, folder)
    path.unlink()
    if rng.random() < 0.3:
        path.mkdir()
    return path.name


def noise(rng, folder):
    path = a_file(rng, folder)
    some = [b"", b"\0" * 1_000, rng.bytes(1_000), b"\xff\xfe[", b"PK\x05\x06" + b"\0" * 18]
    path.write_bytes(some[rng.integers(len(some))])
    return path.name


def nested(rng, folder):
    depth = int(rng.choice([100, 2_000, 100_000]))
    if rng.random() < 0.5:
        (folder / "manifest.json").write_text('{"format": ' + "[" * depth)
        return f"manifest of {depth} brackets"
    key = ".".join("a" * min(depth, 3_000))
    (folder / "recipe.toml").write_text(
        f"{key} = 1\n" if rng.random() < 0.5 else "a = " + "[" * depth
    )
    return f"recipe {depth} deep"


def recipe_value(rng, folder):
    path = folder / "recipe.toml"
    recipe = tomllib.loads(path.read_text())["recommender"]
    key = list(recipe)[rng.integers(len(recipe))]
    value = ODD_TOML[rng.integers(len(ODD_TOML))]
    lines = [f"{k} = {value if k == key else v}" for k, v in recipe.items()]
    if rng.random() < 0.1:
        lines.append(f"unknown = {value}")
    path.write_text("[recommender]\n" + "\n".join(lines) + "\n")
    return f"{key} = {value[:40]}"


ODD_TOML = [
    *["-1", "0", "1", "2", "3.5", "-5.0", "0.0", "nan", "inf", "-inf", "1e308", "1e-310"],
    *["true", "[]", "{}", "[1,2]", "1979-05-27"],
    '"x"',
    '""',
    "1000000000000",
    "99999999999999999999999999",
    "1" + "0" * 5_000,
]


def manifest_value(rng, folder):
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    into = manifest
    while True:
        key = (
            list(into)[rng.integers(len(into))]
            if isinstance(into, dict)
            else rng.integers(len(into))
        )
        if not isinstance(into[key], dict | list) or not into[key] or rng.random() < 0.2:
            break
        into = into[key]
    odd = [
        None,
        True,
        -1,
        0,
        10**30,
        1.5,
        "x",
        "",
        [],
        {},
        [1],
        {"a": 1},
        "2019-13-01",
        float("nan"),
    ]
    into[key] = [*odd, *NUMBERS, *TEXTS][rng.integers(len(odd) * 2)]
    if rng.random() < 0.1:
        del into[key]
    path.write_text(json.dumps(manifest))
    return f"{key}: {into.get(key, 'gone') if isinstance(into, dict) else into!r}"[:80]


def weights_changed(rng, folder):
    """Arrays of odd types, shapes and values, more of them, fewer, or swapped."""
    path = folder / "weights.npz"
    with np.load(path) as stored:
        arrays = {name: stored[name] for name in stored}
    names = list(arrays)
    name, other = names[rng.integers(len(names))], names[rng.integers(len(names))]
    deed = rng.integers(7)
    if deed == 0:
        arrays[name] = arrays[name].astype(ODD_DTYPES[rng.integers(len(ODD_DTYPES))])
    elif deed == 1:
        shape = [(0,), (1,), (2, 2), (), (100_000,), (*arrays[name].shape, 1)][rng.integers(6)]
        arrays[name] = np.resize(arrays[name], shape)
    elif deed == 2:
        changed = np.array(arrays[name], dtype=np.float64).reshape(-1)
        changed[rng.integers(len(changed)) :] = NUMBERS[rng.integers(len(NUMBERS))]
        arrays[name] = changed.reshape(arrays[name].shape)
    elif deed == 3:
        del arrays[name]
    elif deed == 4:
        arrays[name], arrays[other] = arrays[other], arrays[name]
    elif deed == 5:
        arrays["more"] = np.zeros(3)
    else:
        arrays[name] = np.flip(arrays[name])
    np.savez_compressed(path, **arrays)
    return f"deed {deed} to {name} ({arrays.get(name, np.empty(0)).dtype})"


ODD_DTYPES = ["c16", "f2", "f4", "g", ">f8", "i1", "u8", "U10", "S4", "?", "M8[D]", "m8[s]", "V8"]


def header_lies(rng, folder):
    """A weights file whose header declares what is not in it, or unpacks to far more."""
    path = folder / "weights.npz"
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    name = list(parts)[rng.integers(len(parts))]
    shape = ["(10**12,)", f"({10**12},)", "(-1,)", "(1000000000, 1000000000)", "('a',)"][
        rng.integers(5)
    ]
    descr = ["'<f8'", "'|O'", "'<f8x'", "[('a', '<f8')]", "'|V1000000000'"][rng.integers(5)]
    header = f"{{'descr': {descr}, 'fortran_order': False, 'shape': {shape}, }}".encode()
    header += b" " * (118 - len(header)) + b"\n"
    body = b"\0" * 30_000_000 if rng.random() < 0.1 else b"\0" * 80
    parts[name] = b"\x93NUMPY\x01\x00" + len(header).to_bytes(2, "little") + header + body
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for part, data in parts.items():
            packed.writestr(part, data)
    path.write_bytes(target.getvalue())
    return f"{name} {shape} {descr}"


def nothing_wrong(rng, folder):
    return "as it ships"


DEEDS = {
    deed.__name__: deed
    for deed in (
        bytes_changed,
        cut_off,
        gone,
        noise,
        nested,
        recipe_value,
        manifest_value,
        weights_changed,
        header_lies,
        nothing_wrong,
    )
}


def a_file(rng, folder):
    paths = sorted(folder.iterdir())
    paths = [path for path in paths if path.name != "MODEL_CARD.md"]
    return paths[rng.integers(len(paths))]
