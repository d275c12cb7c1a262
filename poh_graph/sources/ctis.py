"""Trials of the European register CTIS, as its public interface gives single records.

Source: https://euclinicaltrials.eu/ctis-public-api/retrieve/NUMBER; one record, or a list of them. Taken are
organizations, never persons: no contacts, investigators or sites, and no company that only does a task for the sponsor.

Provenance: what the numbers of states and phases mean is in no record; it was read in programs that use the interface
(ctrdata, among others), and agrees with the words that the record of 2024-510663-34-00 has for its phase.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd
from poh_graph.records.trials import Sponsor, Trial
from poh_graph.sources.json_fields import Fields
from poh_graph.sources.json_records import RecordReader, read_records
from poh_graph.sources.sponsors import names_organization
from poh_graph.sources.trial_fields import countries_of, other_number, word_of

STATUSES = {
    "1": "Under evaluation",
    "2": "Authorised, recruitment pending",
    "3": "Authorised, recruiting",
    "4": "Ongoing, recruiting",
    "5": "Ongoing, recruitment ended",
    "6": "Temporarily halted",
    "7": "Suspended",
    "8": "Ended",
    "9": "Expired",
    "10": "Revoked",
    "11": "Not authorised",
    "12": "Cancelled",
}
"""The states of a trial by their public numbers, in the words of the register's pages."""

PHASES = {
    **dict.fromkeys(("1", "2", "3"), "Phase 1"),
    "4": "Phase 2",
    "5": "Phase 3",
    "6": "Phase 4",
    **dict.fromkeys(("7", "8", "9"), "Phase 1/Phase 2"),
    "10": "Phase 2/Phase 3",
    "11": "Phase 3/Phase 4",
}
"""The phases by their numbers. CTIS tells apart three kinds of first phase, which the graph does not."""

_NUMBER = re.compile(r"20[0-9]{2}-5[0-9]{5}-[0-9]{2}-[0-9]{2}")
_NCT = re.compile(r"NCT[0-9]{8}")


def is_ctis(_: Path, head: bytes) -> bool:
    """Whether a file begins with a record of CTIS, or a list of them."""
    return b'"ctNumber"' in head


def read_ctis(path: Path) -> Iterator[Edition | Trial | Problem | FileEnd]:
    """The records of a file, each as a trial or as a problem.

    Raises:
        InputError: if the file cannot be read, is cut short, or is no JSON.
    """
    return read_records(path, _Record, "a record: an object with a ctNumber")


class _Record(RecordReader[Trial]):
    """One record while it is read. Its version is the day on which the register published it."""

    def read(self) -> Iterator[Trial | Problem]:
        """The trial and what of it was not understood; or why there is none."""
        place, number = self.fields.place, self.fields.text("ctNumber")
        application = self.fields.inside("authorizedApplication", "authorizedPartI")
        if not number:
            yield Problem(place, "missing value", "a record has a number (ctNumber)")
        elif not _NUMBER.fullmatch(number):
            yield Problem(place, "malformed identifier", f"ctNumber {number!r}: expected such as 2024-510663-34-00")
        elif not application.data:
            message = f"{number} has no application: it may come from a search; retrieve the whole record"
            yield Problem(place, "missing value", message)
        else:
            trial = self._trial(number, application)
            if trial.conditions:
                yield trial
            else:
                yield Problem(place, "out of scope", f"{number} names no condition, so nothing joins it to a disorder")
        yield from self.fields.problems

    def _trial(self, number: str, application: Fields) -> Trial:
        fields = self.fields
        titles = application.inside("trialDetails", "clinicalTrialIdentifiers")
        self.version = fields.day("publishDate") or fields.day("lastUpdated")
        states = fields.objects("authorizedApplication", "memberStatesConcerned")
        names = (condition.text("medicalCondition") for condition in application.objects("medicalConditions"))
        return Trial(
            registry="CTIS",
            number=number,
            title=titles.text("publicTitle") or titles.text("fullTitle"),
            status=word_of(fields, STATUSES, "ctPublicStatusCode"),
            phase=word_of(
                application.inside("trialDetails", "trialInformation", "trialCategory"), PHASES, "trialPhase"
            ),
            started=fields.day("startDateEU"),
            ended=fields.day("endDateEU") or _planned_end(application),
            updated=fields.day("lastUpdated") or self.version,
            conditions=tuple(dict.fromkeys(filter(None, names))),
            sponsors=tuple(_sponsors(application)),
            interventions=tuple(dict.fromkeys(filter(None, map(_product, application.objects("products"))))),
            countries=countries_of(fields, (state.text("mscName") for state in states)),
            other_numbers=tuple(_other_numbers(fields, titles)),
            line=self.line,
        )


def _planned_end(application: Fields) -> str:
    return application.day("trialDetails", "trialInformation", "trialDuration", "estimatedEndDate")


def _product(product: Fields) -> str:
    return product.text("productDictionaryInfo", "prodName") or product.text("productName")


def _sponsors(application: Fields) -> Iterator[Sponsor]:
    """The sponsors that are organizations: EMA's register of these gives them a kind, or their names say so."""
    for found in application.objects("sponsors"):
        name, kind = found.text("organisation", "name"), found.text("organisation", "type")
        if not name:
            continue
        if kind or names_organization(name):
            yield Sponsor(name, kind, leads=found.data.get("primary") is True)
        else:
            message = f"a sponsor of {found.path} may be a person, and is left out"
            found.problems.append(Problem(found.place, "withheld name", message))


def _other_numbers(fields: Fields, titles: Fields) -> Iterator[str]:
    eudract = other_number(fields.text("authorizedApplication", "eudraCt", "eudraCtCode"))
    if eudract:
        yield f"EudraCT {eudract}"
    nct = titles.text("secondaryIdentifyingNumbers", "nctNumber", "number")
    if _NCT.fullmatch(nct):
        yield nct
