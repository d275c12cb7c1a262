"""Studies of ClinicalTrials.gov, as version 2 of its interface gives them.

Source: https://clinicaltrials.gov/data-api/api: single studies (``/studies/NCT…``), pages of a search (``studies``,
with ``nextPageToken`` where there are more), or a list of studies; with all fields or with a choice of them. Taken are
organizations, never persons: no contacts, officials, investigators, and no sponsor that may be a person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from poh_graph.records.problems import Problem
from poh_graph.records.sources import Edition, FileEnd
from poh_graph.records.trials import Heading, Sponsor, Trial
from poh_graph.sources.json_fields import Fields
from poh_graph.sources.json_records import RecordReader, read_records
from poh_graph.sources.sponsors import ORGANIZATIONS, PERSONS, names_organization
from poh_graph.sources.trial_fields import countries_of, other_number, word_of

STATUSES = {
    "ACTIVE_NOT_RECRUITING": "Active, not recruiting",
    "APPROVED_FOR_MARKETING": "Approved for marketing",
    "AVAILABLE": "Available",
    "COMPLETED": "Completed",
    "ENROLLING_BY_INVITATION": "Enrolling by invitation",
    "NOT_YET_RECRUITING": "Not yet recruiting",
    "NO_LONGER_AVAILABLE": "No longer available",
    "RECRUITING": "Recruiting",
    "SUSPENDED": "Suspended",
    "TEMPORARILY_NOT_AVAILABLE": "Temporarily not available",
    "TERMINATED": "Terminated",
    "UNKNOWN": "Unknown status",
    "WITHDRAWN": "Withdrawn",
    "WITHHELD": "Withheld",
}
"""The states of a study, and how the pages of the registry word them."""

STUDY_TYPES = {
    "EXPANDED_ACCESS": "Expanded access",
    "INTERVENTIONAL": "Interventional",
    "OBSERVATIONAL": "Observational",
}
PHASES = {
    "EARLY_PHASE1": "Early Phase 1",
    "NA": "Not Applicable",
    "PHASE1": "Phase 1",
    "PHASE2": "Phase 2",
    "PHASE3": "Phase 3",
    "PHASE4": "Phase 4",
}
SPONSOR_CLASSES = {
    "AMBIG": "Ambiguous",
    "FED": "U.S. federal agency",
    "INDIV": "Individual",
    "INDUSTRY": "Industry",
    "NETWORK": "Network",
    "NIH": "NIH",
    "OTHER": "Other",
    "OTHER_GOV": "Other government agency",
    "UNKNOWN": "Unknown",
}
_KINDS_OF_INTERVENTION = {
    "BEHAVIORAL": "Behavioral",
    "BIOLOGICAL": "Biological",
    "COMBINATION_PRODUCT": "Combination product",
    "DEVICE": "Device",
    "DIAGNOSTIC_TEST": "Diagnostic test",
    "DIETARY_SUPPLEMENT": "Dietary supplement",
    "DRUG": "Drug",
    "GENETIC": "Genetic",
    "OTHER": "Other",
    "PROCEDURE": "Procedure",
    "RADIATION": "Radiation",
}
_OTHER_REGISTRIES = {"CTIS": "CTIS", "EUDRACT_NUMBER": "EudraCT"}
_NUMBER = re.compile(r"NCT[0-9]{8}")
_HEADING = re.compile(r"[CD][0-9]+")


def is_ctgov(_: Path, head: bytes) -> bool:
    """Whether a file begins with a study, a list of them, or a page of a search."""
    return b'"protocolSection"' in head or b'"studies"' in head


def read_ctgov(path: Path) -> Iterator[Edition | Trial | Problem | FileEnd]:
    """The studies of a file, each as a trial or as a problem.

    Raises:
        InputError: if the file cannot be read, is cut short, or is no JSON.
    """
    return read_records(
        path, _Study, "a study: an object with a protocolSection", envelope="studies", needs="protocolSection"
    )


class _Study(RecordReader[Trial]):
    """One study while it is read. Its version is the day of the registry's data."""

    def read(self) -> Iterator[Trial | Problem]:
        """The trial and what of it was not understood; or why there is none."""
        place = self.fields.place
        number = self.fields.text("protocolSection", "identificationModule", "nctId")
        if not number:
            yield Problem(place, "missing value", "a study has a number (nctId)")
            return
        if not _NUMBER.fullmatch(number):
            yield Problem(place, "malformed identifier", f"nctId {number!r}: expected NCT and eight digits")
            return
        trial = self._trial(number)
        if trial.conditions or trial.headings:
            yield trial
        else:
            yield Problem(place, "out of scope", f"{number} names no condition, so nothing joins it to a disorder")
        yield from self.fields.problems

    def _trial(self, number: str) -> Trial:
        protocol = self.fields.inside("protocolSection")
        identity, status = protocol.inside("identificationModule"), protocol.inside("statusModule")
        design = protocol.inside("designModule")
        self.version = _whole_day(self.fields.day("derivedSection", "miscInfoModule", "versionHolder"))
        return Trial(
            registry="NCT",
            number=number,
            title=identity.text("briefTitle") or identity.text("officialTitle"),
            status=word_of(status, STATUSES, "overallStatus"),
            phase=_phase(design),
            study_type=word_of(design, STUDY_TYPES, "studyType"),
            started=status.day("startDateStruct", "date"),
            ended=status.day("completionDateStruct", "date"),
            registered=status.day("studyFirstPostDateStruct", "date"),
            updated=status.day("lastUpdatePostDateStruct", "date"),
            conditions=protocol.texts("conditionsModule", "conditions"),
            headings=tuple(self._headings()),
            sponsors=tuple(self._sponsors(protocol.inside("sponsorCollaboratorsModule"))),
            interventions=tuple(dict.fromkeys(_interventions(protocol))),
            countries=countries_of(
                protocol, (place.text("country") for place in protocol.objects("contactsLocationsModule", "locations"))
            ),
            other_numbers=tuple(dict.fromkeys(_other_numbers(identity))),
            line=self.line,
        )

    def _headings(self) -> Iterator[Heading]:
        """What MeSH calls the conditions; not what stands above these, which names groups of them."""
        for heading in self.fields.objects("derivedSection", "conditionBrowseModule", "meshes"):
            identifier = heading.text("id")
            if _HEADING.fullmatch(identifier):
                yield Heading(identifier, heading.text("term") or identifier)
            else:
                heading.unread(("id",), identifier, "an identifier of MeSH such as D012175")

    def _sponsors(self, module: Fields) -> Iterator[Sponsor]:
        responsible = module.inside("responsibleParty")
        investigator = responsible.text("investigatorFullName").casefold()
        led_by_person = responsible.text("type") == "SPONSOR_INVESTIGATOR"
        lead = module.inside("leadSponsor")
        for found, leads in ((lead, True), *((each, False) for each in module.objects("collaborators"))):
            name, kind = found.text("name"), found.text("class")
            named = bool(investigator) and investigator in name.casefold()
            if not name:
                continue
            if named or (leads and led_by_person) or not _is_organization(name, kind):
                message = f"a sponsor of {found.path} may be a person, and is left out"
                found.problems.append(Problem(found.place, "withheld name", message))
            else:
                yield Sponsor(name, word_of(found, SPONSOR_CLASSES, "class"), leads)


def _is_organization(name: str, kind: str) -> bool:
    return kind not in PERSONS and (kind in ORGANIZATIONS or names_organization(name))


def _phase(design: Fields) -> str:
    phases = design.texts("phases")
    for phase in phases:
        if phase not in PHASES:
            design.unread(("phases",), phase, ", ".join(PHASES))
    return "/".join(PHASES[phase] for phase in phases if phase in PHASES)


def _interventions(protocol: Fields) -> Iterator[str]:
    """The interventions with their kind, as the registry's pages show them: "Drug: Oxytocin"."""
    for found in protocol.objects("armsInterventionsModule", "interventions"):
        name, kind = found.text("name"), word_of(found, _KINDS_OF_INTERVENTION, "type")
        if name:
            yield f"{kind}: {name}" if kind else name


def _other_numbers(identity: Fields) -> Iterator[str]:
    for found in identity.objects("secondaryIdInfos"):
        registry = _OTHER_REGISTRIES.get(found.text("type"), "")
        if registry and (number := other_number(found.text("id"))):
            yield f"{registry} {number}"


def _whole_day(day: str) -> str:
    return day if len(day) == len("2026-11-22") else ""
