"""Which sponsor of a trial is an organization, so that no person gets into the graph.

Some sponsors are physicians who run a trial by themselves. ClinicalTrials.gov has a class for individuals, yet most of
them stand under "OTHER", as hospitals do; and a search result may leave out the class.
"""

from __future__ import annotations

import re

ORGANIZATIONS = frozenset({"FED", "INDUSTRY", "NETWORK", "NIH", "OTHER_GOV"})
"""The classes of ClinicalTrials.gov that hold no person."""

PERSONS = frozenset({"INDIV"})
"""The class that holds nothing else."""

_WORDS = re.compile(
    r"""\b(?:
    \w*universi[tdz]\w*|uniwersytet\w*|univerzit\w*|üniversitesi|college|school|facult\w*|academ\w*|polytechnic\w*
    |\w*hospital\w*|hospices?|h[oô]pita\w*|ospedal\w*|azienda|policlinico|\w*klinik\w*|clinic\w*|charit[eé]|infirmary
    |medical|medicine|health\w*|sant[eé]|salud|cancer|oncolog\w*|cardiolog\w*|children's
    |institut\w*|istituto|cent(?:er|re|ro|rum)s?|laborator\w*|labs?|research|sciences?
    |foundation|fundaci[oó]n|fonda\w*|stichting|stiftung|trust|charity|societ\w*|associa\w*|asociaci[oó]n|alliance
    |federa\w*|council|consorti\w*|cooperative|network|group|gruppo|groupe|grupo|organi[sz]ation|initiative|program\w*
    |ministr\w*|agency|department|government|authority|registry|assistance|administration|commission
    |compan\w*|corporation|corp|inc|incorporated|llc|llp|ltd|limited|gmbh|plc|pty|holdings?|ventures?
    |pharma\w*|therap\w*|bio\w+|genetics|genomics|diagnostics|vaccines?|devices|technolog\w*|solutions|international
    )\b
    |\b(?:a\.?g|a\.?b|a/s|b\.?v|n\.?v|s\.?a(?:\.?s)?|s\.?r\.?l|s\.?p\.?a|co)(?:\.|\b)\s*$
    |[&\d]""",
    re.IGNORECASE | re.VERBOSE,
)

_TITLES = re.compile(r"\b(?:Dr|Prof|Professor|MD|M\.D|PhD|Ph\.D|MBBS|PharmD|MSc|MPH|RN)\b")


def names_organization(name: str) -> bool:
    """Whether a name can only be that of an organization: it is one word, or has a word that persons do not bear.

    A title or degree speaks for a person, whatever else the name has. An organization that is not recognised is left
    out, which costs less than a person who is not.

    >>> [names_organization(name) for name in ("Tocagen Inc.", "University of Valencia", "Pfizer", "Jane Q. Doe")]
    [True, True, True, False]
    >>> names_organization("Jane Q. Doe, MD, University of Nowhere")
    False
    """
    return _TITLES.search(name) is None and (len(name.split()) == 1 or _WORDS.search(name) is not None)
