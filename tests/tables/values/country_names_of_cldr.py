"""Make `country_names.tsv` out of the Unicode CLDR, as the package `babel` has it.

Run it with the path of the file to write.
"""

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from babel.localedata import load, locale_identifiers

from ecosystem_graph.tables.values.country_names import folded_name
from ecosystem_graph.tables.values.markets import is_iso_market

_UMLAUT = re.compile("[ÄÖÜäöü]")
_AS_TWO = str.maketrans({"Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ä": "ae", "ö": "oe", "ü": "ue"})
_UNCLEAR = ("america", "congo", "kongo", "england")  # parts of a country or several countries
_CLEAR = 0.9  # share of the languages with a name that must mean the same by it


def country_names() -> str:
    """Lines of code, English name and names that hardly a language differs about, folded."""
    listed = Counter(pair for language in _languages() for pair in set(_names_in(language)))
    meanings: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (name, code), languages in listed.items():
        meanings[name][code] += languages
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, codes in sorted(meanings.items()):
        ((code, languages),) = codes.most_common(1)
        if name not in _UNCLEAR and languages >= _CLEAR * codes.total():
            names[code].append(name)
    english = {code: name for name, code in _names_in("en")}
    return "".join(
        f"{code}\t{english[code]}\t{';'.join(names[code])}\n" for code in sorted(english)
    )


def _languages() -> list[str]:
    """Every language, and its writings in other scripts."""
    return [name for name in locale_identifiers() if re.fullmatch("[a-z]+(_[A-Z][a-z]{3})?", name)]


def _names_in(language: str) -> Iterator[tuple[str, str]]:
    for code, name in load(language).get("territories", {}).items():
        if re.fullmatch("[A-Z]{2}", code) and (is_iso_market(code) or code == "XK"):
            yield folded_name(name), code
            yield folded_name(_UMLAUT.sub(lambda found: found[0].translate(_AS_TWO), name)), code


if __name__ == "__main__":
    Path(sys.argv[1]).write_text(country_names(), encoding="utf-8")
