"""Market codes: which are ISO 3166 countries or subdivisions, and how they nest."""

import re
from typing import Final

from ecosystem_graph.tables.values.country_names import country_of

_ALPHA_3_BY_ALPHA_2: Final[dict[str, str]] = dict(
    re.findall(
        r"(..):(...)",
        """
    AD:AND AE:ARE AF:AFG AG:ATG AI:AIA AL:ALB AM:ARM AO:AGO AQ:ATA AR:ARG AS:ASM AT:AUT AU:AUS
    AW:ABW AX:ALA AZ:AZE BA:BIH BB:BRB BD:BGD BE:BEL BF:BFA BG:BGR BH:BHR BI:BDI BJ:BEN BL:BLM
    BM:BMU BN:BRN BO:BOL BQ:BES BR:BRA BS:BHS BT:BTN BV:BVT BW:BWA BY:BLR BZ:BLZ CA:CAN CC:CCK
    CD:COD CF:CAF CG:COG CH:CHE CI:CIV CK:COK CL:CHL CM:CMR CN:CHN CO:COL CR:CRI CU:CUB CV:CPV
    CW:CUW CX:CXR CY:CYP CZ:CZE DE:DEU DJ:DJI DK:DNK DM:DMA DO:DOM DZ:DZA EC:ECU EE:EST EG:EGY
    EH:ESH ER:ERI ES:ESP ET:ETH FI:FIN FJ:FJI FK:FLK FM:FSM FO:FRO FR:FRA GA:GAB GB:GBR GD:GRD
    GE:GEO GF:GUF GG:GGY GH:GHA GI:GIB GL:GRL GM:GMB GN:GIN GP:GLP GQ:GNQ GR:GRC GS:SGS GT:GTM
    GU:GUM GW:GNB GY:GUY HK:HKG HM:HMD HN:HND HR:HRV HT:HTI HU:HUN ID:IDN IE:IRL IL:ISR IM:IMN
    IN:IND IO:IOT IQ:IRQ IR:IRN IS:ISL IT:ITA JE:JEY JM:JAM JO:JOR JP:JPN KE:KEN KG:KGZ KH:KHM
    KI:KIR KM:COM KN:KNA KP:PRK KR:KOR KW:KWT KY:CYM KZ:KAZ LA:LAO LB:LBN LC:LCA LI:LIE LK:LKA
    LR:LBR LS:LSO LT:LTU LU:LUX LV:LVA LY:LBY MA:MAR MC:MCO MD:MDA ME:MNE MF:MAF MG:MDG MH:MHL
    MK:MKD ML:MLI MM:MMR MN:MNG MO:MAC MP:MNP MQ:MTQ MR:MRT MS:MSR MT:MLT MU:MUS MV:MDV MW:MWI
    MX:MEX MY:MYS MZ:MOZ NA:NAM NC:NCL NE:NER NF:NFK NG:NGA NI:NIC NL:NLD NO:NOR NP:NPL NR:NRU
    NU:NIU NZ:NZL OM:OMN PA:PAN PE:PER PF:PYF PG:PNG PH:PHL PK:PAK PL:POL PM:SPM PN:PCN PR:PRI
    PS:PSE PT:PRT PW:PLW PY:PRY QA:QAT RE:REU RO:ROU RS:SRB RU:RUS RW:RWA SA:SAU SB:SLB SC:SYC
    SD:SDN SE:SWE SG:SGP SH:SHN SI:SVN SJ:SJM SK:SVK SL:SLE SM:SMR SN:SEN SO:SOM SR:SUR SS:SSD
    ST:STP SV:SLV SX:SXM SY:SYR SZ:SWZ TC:TCA TD:TCD TF:ATF TG:TGO TH:THA TJ:TJK TK:TKL TL:TLS
    TM:TKM TN:TUN TO:TON TR:TUR TT:TTO TV:TUV TW:TWN TZ:TZA UA:UKR UG:UGA UM:UMI US:USA UY:URY
    UZ:UZB VA:VAT VC:VCT VE:VEN VG:VGB VI:VIR VN:VNM VU:VUT WF:WLF WS:WSM YE:YEM YT:MYT ZA:ZAF
    ZM:ZMB ZW:ZWE
    """,
    )
)
_COUNTRY: Final = (
    {code: code for code in _ALPHA_3_BY_ALPHA_2}
    | {long: short for short, long in _ALPHA_3_BY_ALPHA_2.items()}
    | {"UK": "GB", "EL": "GR"}
)
_SUBDIVISION: Final = re.compile(r"([A-Z]{2})-([A-Z0-9]{1,3})")


#: Names of the subdivisions that sales systems write out.
_STATES: Final[dict[str, dict[str, str]]] = {
    country: {name.upper(): code for code, name in re.findall(r"([A-Z]{2,3}):([^;]+);", names)}
    for country, names in {
        "US": """AL:Alabama;AK:Alaska;AZ:Arizona;AR:Arkansas;CA:California;CO:Colorado;
        CT:Connecticut;DE:Delaware;DC:District of Columbia;FL:Florida;GA:Georgia;HI:Hawaii;
        ID:Idaho;IL:Illinois;IN:Indiana;IA:Iowa;KS:Kansas;KY:Kentucky;LA:Louisiana;ME:Maine;
        MD:Maryland;MA:Massachusetts;MI:Michigan;MN:Minnesota;MS:Mississippi;MO:Missouri;
        MT:Montana;NE:Nebraska;NV:Nevada;NH:New Hampshire;NJ:New Jersey;NM:New Mexico;NY:New York;
        NC:North Carolina;ND:North Dakota;OH:Ohio;OK:Oklahoma;OR:Oregon;PA:Pennsylvania;
        RI:Rhode Island;SC:South Carolina;SD:South Dakota;TN:Tennessee;TX:Texas;UT:Utah;VT:Vermont;
        VA:Virginia;WA:Washington;WV:West Virginia;WI:Wisconsin;WY:Wyoming;""",
        "CA": """AB:Alberta;BC:British Columbia;MB:Manitoba;NB:New Brunswick;
        NL:Newfoundland and Labrador;NS:Nova Scotia;NT:Northwest Territories;NU:Nunavut;
        ON:Ontario;PE:Prince Edward Island;QC:Quebec;SK:Saskatchewan;YT:Yukon;""",
        "AU": """ACT:Australian Capital Territory;NSW:New South Wales;NT:Northern Territory;
        QLD:Queensland;SA:South Australia;TAS:Tasmania;VIC:Victoria;WA:Western Australia;""",
    }.items()
}


def canonical_market(code: str) -> str:
    """ISO 3166 country code (two letters) or subdivision code for a code or a country's name.

    Anything else is a market of the vendor's own and is kept, without blanks around it.

    Examples
    --------
    >>> [canonical_market(code) for code in ("EL", "gbr", "us-ca", "UK-SCT", "SF Bay")]
    ['GR', 'GB', 'US-CA', 'GB-SCT', 'SF Bay']
    >>> [canonical_market(name) for name in ("Germany", "CÔTE D'IVOIRE", "US-New York")]
    ['DE', 'CI', 'US-NY']
    """
    stripped = code.strip()
    return _by_code(stripped.upper()) or country_of(stripped) or stripped


def is_market_code(code: str) -> bool:
    """Whether a text is an ISO 3166 code of a country or subdivision, in any case.

    Examples
    --------
    >>> is_market_code("gbr"), is_market_code("Great Britain")
    (True, False)
    """
    return _by_code(code.strip().upper()) is not None


def _by_code(upper: str) -> str | None:
    if upper in _COUNTRY:
        return _COUNTRY[upper]
    subdivision = _SUBDIVISION.fullmatch(upper)
    if subdivision and subdivision[1] in _COUNTRY:
        return f"{_COUNTRY[subdivision[1]]}-{subdivision[2]}"
    country, dash, state = upper.partition("-")
    around = _COUNTRY.get(country.strip(), "")
    if dash and (within := _STATES.get(around, {}).get(state.strip())):
        return f"{around}-{within}"
    return None


def parent_market(code: str) -> str | None:
    """Country of a subdivision; None for countries and for markets of the vendor's own.

    Examples
    --------
    >>> parent_market("US-CA"), parent_market("US"), parent_market("SF-Bay")
    ('US', None, None)
    """
    canonical = canonical_market(code)
    return canonical[:2] if is_iso_market(canonical) and "-" in canonical else None


def is_iso_market(code: str) -> bool:
    """Whether a code is an ISO 3166 country, or written as a subdivision of one.

    Examples
    --------
    >>> is_iso_market("DE"), is_iso_market("DE-BY"), is_iso_market("DACH")
    (True, True, False)
    """
    canonical = canonical_market(code)
    subdivision = _SUBDIVISION.fullmatch(canonical)
    return (subdivision[1] if subdivision else canonical) in _ALPHA_3_BY_ALPHA_2
