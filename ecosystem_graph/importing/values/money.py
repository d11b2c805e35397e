"""Amounts with a currency in the same cell -> the number and the code of its currency."""

from dataclasses import dataclass
from typing import Final

import polars as pl

_CODES: Final = """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN
BZD CAD CDF CHF CLF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP
GEL GHS GIP GMD GNF GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR
KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN
MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR
SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX
USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG
"""
CURRENCIES: Final = frozenset(_CODES.split())
"""Codes of ISO 4217 for currencies in use, and HRK, which deals of past years are in."""

_SIGNS: Final = {"€": "EUR", "£": "GBP", "₹": "INR", "₽": "RUB", "₩": "KRW", "₺": "TRY", "₪": "ILS"}
_SEVERAL: Final = r"(?i)^(?:[$¥]|kr\.?)\s*|\s*(?:[$¥]|kr\.?)$"
"""Signs that several currencies share."""
_SIGN: Final = rf"^[{''.join(_SIGNS)}]|[{''.join(_SIGNS)}]$"
_CODE: Final = r"^([A-Z]{3})\s*[-+(]?[\d.,]|[\d)]\s*([A-Z]{3})$"


@dataclass(frozen=True, slots=True)
class ReadMoney:
    """Amounts of a column, and what their cells say of the currency.

    Attributes
    ----------
    amounts : Series of String, shape (n_rows,)
        The number alone, as written.
    codes : Series of String, shape (n_rows,)
        Code of the currency in the cell; null if it states none, or a sign of several.
    shared_sign : Series of Boolean, shape (n_rows,)
        Where the cell has a sign that several currencies share.
    """

    amounts: pl.Series
    codes: pl.Series
    shared_sign: pl.Series


def read_money(text: pl.Series) -> ReadMoney:
    """Number and currency of each cell.

    Examples
    --------
    >>> found = read_money(pl.Series(["€ 1.234,50", "12,000 USD", "$5", "7"]))
    >>> found.amounts.to_list(), found.codes.to_list()
    (['1.234,50', '12,000', '5', '7'], ['EUR', 'USD', None, None])
    >>> found.shared_sign.to_list()
    [False, False, True, False]
    """
    if not text.str.contains(r"[^\d.,\s+()'-]").any():
        nothing = pl.Series("code", [None], dtype=pl.String).new_from_index(0, len(text))
        return ReadMoney(text, nothing, pl.Series([False]).new_from_index(0, len(text)))
    value = pl.col("text").str.strip_chars()
    groups = value.str.extract_groups(_CODE)
    code = pl.coalesce(groups.struct["1"], groups.struct["2"])
    code = pl.when(code.is_in(list(CURRENCIES))).then(code)
    sign = value.str.extract(rf"({_SIGN})").replace_strict(
        _SIGNS, default=None, return_dtype=pl.String
    )
    bare = (
        pl.when(code.is_not_null())
        .then(value.str.replace(r"^[A-Z]{3}\s*|\s*[A-Z]{3}$", ""))
        .when(sign.is_not_null())
        .then(value.str.replace(_SIGN, ""))
        .otherwise(value.str.replace(_SEVERAL, ""))
    )
    shared = value.str.contains(_SEVERAL) & code.is_null() & sign.is_null()
    read = pl.DataFrame({"text": text}).select(
        bare.str.strip_chars().alias("amount"),
        pl.coalesce(code, sign).alias("code"),
        shared.fill_null(False).alias("shared"),
    )
    return ReadMoney(read["amount"], read["code"], read["shared"])
