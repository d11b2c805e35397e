"""Vocabulary of synthetic ecosystems: invented names, real country and currency codes."""

from typing import Final


def _words(text: str) -> tuple[str, ...]:
    """Words of a text, less the blanks and line ends between them.

    Examples
    --------
    >>> _words("Contact centre, Meetings")
    ('Contact centre', 'Meetings')
    """
    return tuple(word.strip() for word in text.split(","))


COUNTRIES: Final = _words(
    "US, DE, GB, FR, JP, IN, CA, IT, ES, NL, AU, BR, SE, CH, PL, MX, BE, AT, "
    "KR, DK, NO, FI, SG, IE, PT, CZ, ZA, AE, NZ, CL"
)
"""By number of partners, the most first."""

CURRENCIES: Final = {
    **dict.fromkeys(_words("DE, FR, IT, ES, NL, BE, AT, FI, IE, PT"), ("EUR", 0.9)),
    "US": ("USD", 1.0),
    "GB": ("GBP", 0.8),
    "JP": ("JPY", 150.0),
    "IN": ("INR", 80.0),
    "CA": ("CAD", 1.35),
    "AU": ("AUD", 1.5),
    "BR": ("BRL", 5.0),
    "SE": ("SEK", 10.5),
    "CH": ("CHF", 0.9),
    "PL": ("PLN", 4.0),
    "MX": ("MXN", 18.0),
    "KR": ("KRW", 1300.0),
    "DK": ("DKK", 7.0),
    "NO": ("NOK", 10.5),
    "SG": ("SGD", 1.35),
    "CZ": ("CZK", 23.0),
    "ZA": ("ZAR", 18.0),
    "AE": ("AED", 3.7),
    "NZ": ("NZD", 1.65),
    "CL": ("CLP", 900.0),
}
"""Currency of a country, and its rough price of a US dollar."""

LANGUAGES: Final = {
    **dict.fromkeys(_words("US, GB, IN, CA, AU, SG, IE, ZA, NZ"), "en"),
    **dict.fromkeys(_words("DE, AT, CH"), "de"),
    **dict.fromkeys(_words("ES, MX, CL"), "es"),
    **dict.fromkeys(_words("BR, PT"), "pt"),
    "FR": "fr",
    "JP": "ja",
    "IT": "it",
    "NL": "nl",
    "BE": "nl",
    "SE": "sv",
    "PL": "pl",
    "KR": "ko",
    "DK": "da",
    "NO": "nb",
    "FI": "fi",
    "CZ": "cs",
    "AE": "ar",
}

CHANNELS: Final = ("email", "newsletter", "portal", "phone", "rss")

INDUSTRIES: Final = _words(
    """
    banking, education, energy, government, healthcare, hospitality, insurance, logistics,
    manufacturing, media, retail, telecom
    """
)

CAPABILITY_AREAS: Final = _words(
    """
    Campus network, Wireless, Routing, Firewall, Identity, Endpoint, Backup, Storage,
    Virtual machines, Containers, Databases, Data platform, Analytics, Machine learning,
    Contact centre, Meetings, Telephony, Signage, Sensors, Industrial control, Payments,
    Point of sale, Booking, Logistics, Accounting, Payroll, Maintenance, Mobile apps, Web shops,
    Observability
    """
)

CAPABILITY_TASKS: Final = _words(
    """
    design, deployment, operation, migration, audit, automation, integration, training, tuning,
    support, recovery, assessment, customisation, monitoring, compliance, advice
    """
)

ADJECTIVES: Final = _words(
    """
    Amber, Ample, Apt, Autumn, Balmy, Brisk, Bronze, Calm, Candid, Cedar, Cheerful, Chestnut, Civil,
    Copper, Coral, Cosy, Crisp, Dapper, Dawn, Deft, Dewy, Downy, Eager, Early, Earnest, Ebony,
    Evening, Fabled, Fair, Fern, Festive, Fluent, Fond, Frosty, Gentle, Gilded, Glad, Golden, Grand,
    Hazel, Hearty, Honest, Humble, Indigo, Ivory, Jade, Jaunty, Jolly, Keen, Kind, Lavender, Lively,
    Lofty, Loyal, Lucid, Lunar, Mellow, Merry, Mild, Mindful, Misty, Modest, Morning, Mossy, Nimble,
    Noble, Northern, Ochre, Olive, Opal, Patient, Pearl, Placid, Plucky, Polite, Prudent, Quaint,
    Quiet, Rapid, Ready, Robust, Rosy, Rustic, Saffron, Sage, Sandy, Scarlet, Serene, Silent,
    Sincere, Sleek, Snowy, Solemn, Sonic, Southern, Spirited, Spry, Stately, Steady, Stellar,
    Sturdy, Sunny, Sunlit, Tactful, Tawny, Tidy, Tranquil, Trusty, Upbeat, Velvet, Vivid, Warm,
    Western, Willow, Winter, Witty, Woven, Zesty
    """
)

NOUNS: Final = _words(
    """
    Avocet, Badger, Barbet, Bittern, Bluefinch, Bobolink, Bunting, Beaver, Caribou, Chamois,
    Chough, Cicada, Civet, Condor, Cormorant, Corncrake, Crake, Cricket, Crossbill, Curlew,
    Dabchick, Damsel, Dipper, Dormouse, Dotterel, Dove, Dunlin, Dunnock, Egret, Eider, Ermine,
    Fieldfare,
    Finch, Firecrest, Flicker, Gadwall, Gannet, Gazelle, Gecko, Godwit, Goldcrest, Goosander,
    Goshawk, Grebe, Greylag, Grouse, Guillemot, Hare, Hedgehog, Heron, Hobby, Hoopoe, Ibex, Ibis,
    Jackdaw, Jay, Kestrel, Kingfisher, Kinglet, Kite, Kittiwake, Knot, Lapwing, Lark, Linnet, Lynx,
    Magpie, Mallard, Marmot, Marten, Martin, Merganser, Mink, Moorhen, Newt, Nightjar, Nutcracker,
    Nuthatch, Oriole, Osprey, Otter, Ouzel, Petrel, Pheasant, Pintail, Pipit, Plover, Pochard,
    Polecat, Puffin, Quail, Razorbill, Redpoll, Redshank, Redstart, Reindeer, Robin, Ruff,
    Sanderling, Sandpiper, Serin, Shelduck, Shoveler, Shrew, Siskin, Skylark, Smew, Snipe, Sparrow,
    Starling, Stilt, Stoat, Stonechat, Swallow, Swift, Tapir, Teal, Thrush, Towhee, Treecreeper,
    Turnstone, Twite, Vole, Wagtail, Warbler, Waxwing, Weasel, Wheatear, Whimbrel, Whinchat, Wigeon,
    Wren
    """
)

TRADES: Final = _words(
    """
    Networks, Systems, Solutions, Consulting, Software, Services, Technologies, Digital, Data,
    Cloud, Security, Integration, Computing, Partners, Informatics, Automation, Engineering, Works,
    Labs, Group, Communications, Infrastructure, Applications, Distribution, Logic, Support,
    Advisory, Platforms, Interactive, Operations
    """
)
