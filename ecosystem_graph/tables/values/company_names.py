"""Names of companies without what differs in form only, so that two of them can be compared."""

from typing import Final

import polars as pl

_LEGAL_FORMS: Final = (
    "ltd|limited|ltda|inc|incorporated|corp|corporation|co|company|llc|l l c|llp|lp|plc|p l c|pty|"
    "pte|gmbh|mbh|ggmbh|ag|kg|kgaa|ohg|ug|e ?v|se|s ?a|s ?a ?s|s ?a ?r ?l|s ?l|s ?l ?u|s ?r ?l|"
    "s ?p ?a|b ?v|n ?v|bvba|oyj?|a ?s|a ?p ?s|asa|k ?k|kabushiki kaisha|godo kaisha|kft|zrt|"
    "nyrt|s ?r ?o|d ?o ?o|d ?d|sp z ?o ?o|sdn bhd|bhd|pvt|private|aktiengesellschaft|"
    "naamloze vennootschap|besloten vennootschap|societe anonyme|sociedad anonima|a ?b"
)
_ENDING: Final = rf"(?: (?:and )?(?:{_LEGAL_FORMS}))+$"
_JAPANESE_FORMS: Final = "株式会社|有限会社"
_UNACCENTED: Final = {"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "\u0131": "i"}
"""Letters that do not split into a plain letter and an accent."""


def plain_names(names: pl.Series) -> pl.Series:
    """Names without case, accents, punctuation and legal form, single letters joined.

    A name that is nothing but a legal form keeps it.

    Examples
    --------
    >>> plain_names(
    ...     pl.Series(["Álder Systems", "ALDER-SYSTEMS, LTD.", "Rho GmbH & Co. KG"])
    ... ).to_list()
    ['alder systems', 'alder systems', 'rho']
    >>> plain_names(pl.Series(["D S M N. V.", "D.S.M.", "AG"])).to_list()
    ['dsm', 'dsm', 'ag']
    """
    plain = names.str.normalize("NFKD").str.replace_all(r"[\u0300-\u036f.'\u2019]", "")
    plain = plain.str.normalize("NFC").str.replace_all(_JAPANESE_FORMS, "")
    plain = plain.str.to_lowercase().str.replace_all("&", " and ", literal=True)
    plain = plain.str.replace_many(_UNACCENTED)
    plain = plain.str.replace_all(r"[^\p{L}\p{N}\p{M}]+", " ").str.strip_chars()
    short = _joined_letters(plain.str.replace(r"^the ", "").str.replace(_ENDING, ""))
    return short.set(short == "", None).fill_null(plain)


def _joined_letters(names: pl.Series) -> pl.Series:
    """Names in which single letters beside each other are one word."""
    spread = names.str.contains(r"\b[a-z] [a-z]\b").fill_null(False)
    if not spread.any():
        return names
    # A word boundary cannot look behind: letters are marked first, then marks beside each other go.
    marked = names.filter(spread).str.replace_all(r"\b([a-z])\b", "\u0001$1\u0001")
    joined = marked.str.replace_all("\u0001 \u0001", "").str.replace_all("\u0001", "")
    return names.clone().scatter(spread.arg_true(), joined)
