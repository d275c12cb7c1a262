"""Writes data/orphanet: what Orphanet says of POH and its neighbourhood, from a release of ORPHApackets.

    python tools/transcribe_orphanet.py orphapacket-2025-07.zip

Facts only: definitions are left out. The files are the same bytes for the same release.
"""

from __future__ import annotations

import re
import sys
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

from poh_graph.records.orphanet import Parent, Record, Stub
from poh_graph.records.problems import Problem
from poh_graph.sources.members import read_members
from poh_graph.sources.orphapacket import Release, parse_packet
from poh_graph.terms import BASE, BIOLINK, DCTERMS, HGNC, OBO, ONTOLOGY, ORDO, OWL, PUBMED, RDF, RDFS, SCHEMA, SKOS, XSD
from poh_graph.triples.orphanet import OrphanetStatements

POH = "2762"
NEIGHBOURS = (
    "337", "79443", "79444", "79445", "94089", "94090", "97593", "457059", "457062", "562", "249", "93276", "93277",
    "595216", "189427", "53715", "1001", "93672",
)  # fmt: skip
"""The disorders that share GNAS or a group with POH, are named beside it, or are confused with it."""

FOLDER = Path(__file__).parent.parent / "data" / "orphanet"

PREFIXES = {
    "association": BASE + "association/orphanet/",
    "biolink": BIOLINK,
    "dcterms": DCTERMS,
    "doi": "https://doi.org/",
    "epidemiology": BASE + "epidemiology/orphanet/",
    "hgnc": HGNC,
    "mapping": BASE + "mapping/orphanet/",
    "nbk": "https://www.ncbi.nlm.nih.gov/books/",
    "obo": OBO,
    "oboInOwl": "http://www.geneontology.org/formats/oboInOwl#",
    "omim": "https://omim.org/entry/",
    "ordo": ORDO,
    "owl": OWL,
    "pmid": PUBMED,
    "poh": ONTOLOGY,
    "rdf": RDF,
    "rdfs": RDFS,
    "schema": SCHEMA,
    "semapv": "https://w3id.org/semapv/vocab/",
    "skos": SKOS,
    "sssom": "https://w3id.org/sssom/",
    "xsd": XSD,
}

FIRST = ("a", "rdfs:label", "skos:prefLabel", "rdf:subject", "rdf:predicate", "rdf:object", "schema:observationAbout")
"""The predicates that say what a thing is, before all others."""

WIDTH = 116

HEADS = {
    "disorder": "POH (ORPHA:2762): names, parents, gene, phenotypes, epidemiology, mapping.",
    "related-disorders": "The disorders around POH: the same as for POH.",
    "classification": "Every group above POH and its neighbours, up to the roots. ORPHA:320716 has no packet.",
    "genes": "The genes of these disorders, as Orphanet names them.",
    "phenotypes": "The phenotypes of these disorders, as Orphanet names them.",
    "papers": "The papers and pages that Orphanet's epidemiology cites.",
}

_PLAIN = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]*[A-Za-z0-9_])?")
"""A local name that needs no escape in Turtle."""

Records = dict[str, list[Record]]


def read_release(path: Path) -> tuple[Records, dict[str, set[str]]]:
    """The records of each disorder, stubs among them, and the parents of each; problems go to stderr."""
    records: Records = defaultdict(list)
    parents: dict[str, set[str]] = defaultdict(set)
    problems: list[Problem] = []
    release = Release()
    for name, raw in read_members(path):
        found = parse_packet(raw, name)
        release.add(found)
        kept = [record for record in found if not isinstance(record, Problem)]
        problems += [record for record in found if isinstance(record, Problem)]
        code = getattr(kept[0], "code", "") if kept else ""
        records[code] = kept
        parents[code] = {record.code for record in kept if isinstance(record, Parent)}
    for stub in release.close():
        if isinstance(stub, Stub):
            records[stub.code] = [stub]
    for problem in problems:
        print(problem.kind, problem.place, problem.message, sep=": ", file=sys.stderr)
    return records, parents


def ancestors(codes: set[str], parents: dict[str, set[str]]) -> set[str]:
    """Every disorder above the given ones; not the given ones themselves."""
    found: set[str] = set()
    front = set(codes)
    while front:
        front = {parent for code in front for parent in parents.get(code, ())} - found
        found |= front
    return found - codes


def labelled_elsewhere(data: Path) -> set[str]:
    """The IRIs of what other graphs of the package give a label."""
    files = sorted(file for file in data.rglob("*.ttl") if file.parent.name != "orphanet")
    triples = (quad for file in files for quad in ox.parse(path=file, format=ox.RdfFormat.TURTLE))
    return {quad.subject.value for quad in triples if quad.predicate.value == RDFS + "label"}


def triples_by_file(records: Records, parents: dict[str, set[str]]) -> dict[str, list[ox.Triple]]:
    """The statements of each file."""
    kept = {POH, *NEIGHBOURS}
    groups = ancestors(kept, parents)
    statements = OrphanetStatements(include_definitions=False, described=labelled_elsewhere(FOLDER.parent))
    owner = {
        POH: "disorder",
        **dict.fromkeys(NEIGHBOURS, "related-disorders"),
        **dict.fromkeys(groups, "classification"),
    }
    files: dict[str, list[ox.Triple]] = defaultdict(list)
    for code, name in owner.items():
        lines = "".join(line for record in records[code] for line in statements.lines(record))
        for quad in ox.parse(lines, ox.RdfFormat.N_QUADS):
            files[_shared_file(quad.triple) or name].append(quad.triple)
    return files


def _shared_file(triple: ox.Triple) -> str:
    """The file of a statement that is not of one disorder alone; empty for the others."""
    subject = str(triple.subject)[1:-1]
    if subject.startswith(OBO + "HP_"):
        return "phenotypes"
    if subject.startswith((HGNC, BASE + "gene/")) and not str(triple.predicate).startswith(f"<{ORDO}"):
        return "genes"
    if subject.startswith((PUBMED, "https://doi.org/", "https://www.ncbi.nlm.nih.gov/books/")):
        return "papers"
    return ""


def turtle(triples: list[ox.Triple], head: str) -> str:
    """Turtle with one block a subject, sorted by subject, predicate and object; the type comes first."""
    subjects: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for triple in triples:
        predicate = "a" if triple.predicate.value == RDF + "type" else _term(triple.predicate)
        subjects[_term(triple.subject)][predicate].add(_term(triple.object))
    blocks = [_block(subject, subjects[subject]) for subject in sorted(subjects, key=_order)]
    body = "\n\n".join(blocks) + "\n"
    used = [f"@prefix {name}: <{uri}> ." for name, uri in sorted(PREFIXES.items()) if f"{name}:" in body]
    return f"# {head}\n# Written by tools/transcribe_orphanet.py; Orphanet, (c) INSERM, CC BY 4.0.\n" + "\n".join(
        [*used, "", body]
    )


def _block(subject: str, predicates: dict[str, set[str]]) -> str:
    """The statements of one subject, the telling ones first, filled into lines."""
    order = sorted(predicates, key=lambda p: (FIRST.index(p) if p in FIRST else len(FIRST), p))
    lines = [subject]
    for predicate in order:
        ordered = sorted(predicates[predicate], key=_order)
        ends = [",", *[","] * (len(ordered) - 2), " ;"][-len(ordered) :]
        words = [term + end for term, end in zip(ordered, ends, strict=True)]
        words[0] = f"{predicate} {words[0]}"
        if len(lines[-1]) + 1 + len(" ".join(words)) > WIDTH:
            lines.append("   ")
        for word in words:
            if len(lines[-1]) + 1 + len(word) > WIDTH and lines[-1].strip():
                lines.append("       ")
            lines[-1] += " " + word
    lines[-1] = lines[-1].removesuffix(" ;") + " ."
    return "\n".join(lines)


def _order(term: str) -> tuple[bool, str, int, str]:
    """Disorders before the nodes about them, then by prefix and number: ordo:Orphanet_337 before ordo:Orphanet_2762."""
    digits = "".join(char if char.isdigit() else " " for char in term).split()
    about = term.startswith(("association:", "epidemiology:", "mapping:"))
    number = int(digits[0] if about else digits[-1]) if digits else 0
    return about, term.partition(":")[0], number, term


def _term(term: ox.NamedNode | ox.BlankNode | ox.Literal | ox.Triple) -> str:
    """A term in Turtle, with a prefix where its local part is plain."""
    if isinstance(term, ox.Literal) and term.datatype.value == XSD + "boolean":
        return term.value
    if isinstance(term, ox.Literal) and term.datatype.value == XSD + "decimal":
        return term.value if "." in term.value else f"{term.value}.0"
    if not isinstance(term, ox.NamedNode):
        return str(term)
    for name, uri in PREFIXES.items():
        local = term.value.removeprefix(uri)
        if local != term.value and _PLAIN.fullmatch(local):
            return f"{name}:{local}"
    return str(term)


def main() -> None:
    """Read the release named on the command line and write the files."""
    records, parents = read_release(Path(sys.argv[1]))
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, triples in triples_by_file(records, parents).items():
        (FOLDER / f"{name}.ttl").write_text(turtle(triples, HEADS[name]), encoding="utf-8")
        print(f"{len(triples):6} statements in {name}.ttl")


if __name__ == "__main__":
    main()
