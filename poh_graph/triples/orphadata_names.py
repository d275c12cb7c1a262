"""Codes of Orphadata's nomenclature as statements: names in every language, status, definitions, alignments, trees.

All lines end with :data:`END`, the graph ``orphadata``.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from poh_graph.records.mappings import Mapping
from poh_graph.records.orphadata import (
    Alignment,
    ClassificationName,
    ClassifiedUnder,
    Named,
    NomenclatureEntry,
    PreferentialParent,
    Succession,
)
from poh_graph.records.orphanet import Stub
from poh_graph.terms import BASE, DCTERMS, ORDO, OWL, SKOS, curie_of, graph_iri
from poh_graph.triples.mappings import Provider, mapping_lines
from poh_graph.triples.nquads import (
    ALT_LABEL,
    BROADER,
    DEFINITION,
    IDENTIFIER,
    LABEL,
    OBJECT,
    ORPHANET,
    PREDICATE,
    PREF_LABEL,
    SUBJECT,
    A,
    boolean,
    in_language,
    iri,
    ordo,
    poh,
    text,
)
from poh_graph.triples.orphanet import stub_lines
from poh_graph.values import orphanet_values

GRAPH = "orphadata"
END = f" {iri(graph_iri(GRAPH))} .\n"

_PROVIDER = Provider(GRAPH, "https://www.orpha.net", END)
_DEPRECATED = f"{iri(OWL + 'deprecated')} {boolean(value=True)}"
_PAGE = iri("http://xmlns.com/foaf/0.1/page")
_SCHEME = iri(SKOS + "ConceptScheme")
_IN_SCHEME = iri(SKOS + "inScheme")
_TOP_OF = iri(SKOS + "topConceptOf")
_PREFERENTIAL = poh("preferentialParent")
_PREDICATE_LABEL = iri("https://w3id.org/sssom/predicate_label")
_SUCCESSORS = {
    "Moved to": iri(DCTERMS + "isReplacedBy"),
    "Referred to": iri("http://www.geneontology.org/formats/oboInOwl#consider"),
}
_RELATED = iri(SKOS + "related")
_STATUS_CLASSES = {"Deprecated entity": "C042", "Non-rare disease in Europe": "C046", "Obsolete entity": "C050"}
VALIDATIONS = {"Validated": poh("Validated"), "Not yet validated": poh("NotYetValidated")}
_OWN_KEY = re.compile(f"(<{re.escape(BASE)}(?:association|epidemiology)/)orphanet/")
_LINEARISATION = f"<{BASE}classification/orphanet/linearisation>"


def moved(lines: list[str]) -> list[str]:
    """Lines of the graph ``orphanet`` as statements of Orphadata: the same shapes, and keys of their own."""
    return [_OWN_KEY.sub(r"\1orphadata/", line.removesuffix(ORPHANET)) + END for line in lines]


def alignment_lines(record: Alignment) -> list[str]:
    """An alignment as a mapping, with Orphanet's words for it and whether Orphanet has validated it."""
    relation = orphanet_values().relation(record.relation)
    assert relation is not None  # noqa: S101 - the reader has looked it up
    mapping = Mapping(
        subject=f"ORPHA:{record.code}",
        predicate=curie_of(relation.predicate),
        object=record.target,
        justification="semapv:ManualMappingCuration",
        set="",
        negated=relation.negated,
    )
    lines = mapping_lines(mapping, _PROVIDER)
    node = lines[0].partition(" ")[0]
    lines.append(f"{node} {_PREDICATE_LABEL} {text(record.relation)}{END}")
    if record.icd_relation:
        lines.append(f"{node} {poh('icdRelation')} {text(record.icd_relation)}{END}")
    if record.validation:
        lines.append(f"{node} {poh('validationStatus')} {VALIDATIONS[record.validation]}{END}")
    return lines


def _edge_lines(key: str, subject: str, predicate: str, object_: str, scheme: str) -> Iterator[str]:
    """A step up in a classification, directly and as a statement (by its key) that names the classification."""
    node = f"<{BASE}statement/{GRAPH}/{key}>"
    yield f"{ordo(subject)} {predicate} {ordo(object_)}{END}"
    yield f"{node} {A} {poh('ClassificationEdge')}{END}"
    yield f"{node} {SUBJECT} {ordo(subject)}{END}"
    yield f"{node} {PREDICATE} {predicate}{END}"
    yield f"{node} {OBJECT} {ordo(object_)}{END}"
    yield f"{node} {_IN_SCHEME} {scheme}{END}"
    yield f"{node} {poh('confidenceLevel')} {poh('ReadInAuthority')}{END}"


def _definition_lines(record: NomenclatureEntry) -> Iterator[str]:
    definition, subject = record.definition, ordo(record.code)
    if definition is None:
        return
    yield f"{subject} {DEFINITION} {in_language(definition.text, record.language)}{END}"
    if definition.repairs:
        yield f"{subject} {poh('rawDefinition')} {text(definition.raw)}{END}"
        yield from (f"{subject} {poh('textRepair')} {text(repair)}{END}" for repair in definition.repairs)


@dataclass
class Nomenclature:
    """What must be gathered from all products before it can be said: names, what is retired, where it went.

    ``mentioned`` are the codes that some statement is about: each is named at the end, in all languages.
    """

    labelled: set[str]
    mentioned: set[str] = field(default_factory=set)
    _names: dict[str, dict[str, Named]] = field(default_factory=lambda: defaultdict(dict))
    _entries: set[str] = field(default_factory=set)
    _retired: set[str] = field(default_factory=set)
    _successions: list[Succession] = field(default_factory=list)
    _schemes: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    _used_schemes: set[str] = field(default_factory=set)

    def named(self, record: Named) -> None:
        """Take note of a name: the first in each language holds, unless the nomenclature has one."""
        self._names[record.code].setdefault(record.language, record)

    def classification(self, record: ClassificationName) -> None:
        """Take note of the name of a classification."""
        self._schemes[record.number].setdefault(record.language, record.label)

    def succession(self, record: Succession) -> None:
        """Take note of where a code went."""
        self._successions.append(record)
        self.mentioned |= {record.code, record.target}

    def entry(self, record: NomenclatureEntry) -> Iterator[str]:
        """A code of the nomenclature; its name is said at the end."""
        code, language = record.code, record.language
        page = self._names[code].get(language, Named(code, language, "")).page
        self._names[code][language] = Named(code, language, record.label, page)
        self._entries.add(code)
        subject = ordo(code)
        if record.type:
            yield f"{subject} {A} <{orphanet_values().disorder_types[record.type]}>{END}"
        yield from (f"{subject} {ALT_LABEL} {in_language(name, language)}{END}" for name in record.synonyms)
        yield from _definition_lines(record)
        if record.inactive:
            self._retired.add(code)
            yield f"{subject} {_DEPRECATED}{END}"
        for flag in record.flags:
            yield f"{subject} {poh('nomenclatureStatus')} {in_language(flag, language)}{END}"
            if flag in _STATUS_CLASSES:
                yield f"{subject} {A} <{ORDO}Orphanet_{_STATUS_CLASSES[flag]}>{END}"

    def classified(self, record: ClassifiedUnder) -> Iterator[str]:
        """A step of a classification; without a parent the disorder is at its top."""
        self._used_schemes.add(record.classification)
        scheme = f"<{BASE}classification/orphanet/{record.classification}>"
        if record.parent is None:
            yield f"{ordo(record.code)} {_TOP_OF} {scheme}{END}"
            return
        self.mentioned.add(record.parent)
        key = f"{record.code}-broader-{record.parent}-{record.classification}"
        yield from _edge_lines(key, record.code, BROADER, record.parent, scheme)

    def preferential(self, record: PreferentialParent) -> Iterator[str]:
        """The one place in the linearisation."""
        self._used_schemes.add("linearisation")
        self._schemes["linearisation"]["en"] = "Orphanet linearisation"
        self.mentioned.add(record.parent)
        key = f"{record.code}-preferentialParent-{record.parent}"
        yield from _edge_lines(key, record.code, _PREFERENTIAL, record.parent, _LINEARISATION)

    def last_lines(self) -> Iterator[str]:
        """What can be said when everything is read: names, classifications, where codes went."""
        for record in self._successions:
            yield from self._succession_lines(record)
        for code in sorted(self.mentioned, key=int):
            yield from self._name_lines(code)
        for number in sorted(self._used_schemes):
            scheme = f"<{BASE}classification/orphanet/{number}>"
            names = self._schemes[number] or {"en": f"Orphanet classification {number}"}
            yield f"{scheme} {A} {_SCHEME}{END}"
            yield f"{scheme} {IDENTIFIER} {text(number)}{END}"
            main = "en" if "en" in names else min(names)
            yield f"{scheme} {LABEL} {in_language(names[main], main)}{END}"
            for language in sorted(names.keys() - {main}):
                yield f"{scheme} {PREF_LABEL} {in_language(names[language], language)}{END}"

    def _succession_lines(self, record: Succession) -> Iterator[str]:
        """Where a retired code went. One that is in use, and refers to another all the same, is related to it."""
        subject, target = ordo(record.code), ordo(record.target)
        if record.code in self._entries and record.code not in self._retired:
            yield f"{subject} {_RELATED} {target}{END}"
            return
        yield f"{subject} {_SUCCESSORS[record.kind]} {target}{END}"
        yield f"{subject} {_DEPRECATED}{END}"

    def _name_lines(self, code: str) -> Iterator[str]:
        """A code's names; as ``rdfs:label`` only where the nomenclature was read, or nobody else names it."""
        names, subject = self._names[code], ordo(code)
        is_ours = code in self._entries or subject[1:-1] not in self.labelled
        main = "en" if "en" in names else min(names, default="")
        if is_ours:
            label = names[main].label if main == "en" else "" if main else f"ORPHA:{code}"
            yield from moved(stub_lines(Stub(code, label)))
            if main not in ("", "en"):
                yield f"{subject} {LABEL} {in_language(names[main].label, main)}{END}"
        for language, name in sorted(names.items()):
            if language != "en":
                yield f"{subject} {PREF_LABEL} {in_language(name.label, language)}{END}"
            if name.page:
                yield f"{subject} {_PAGE} <{name.page}>{END}"
