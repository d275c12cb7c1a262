"""The description of the API as OpenAPI 3.1, made from the files of the stored queries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyoxigraph as ox

from poh_graph import __version__
from poh_graph.changes.change import KINDS as KINDS_OF_CHANGE
from poh_graph.queries import Parameter, StoredQuery, stored_queries
from poh_graph.store import query_form
from poh_graph.terms import curie_of
from poh_graph.web.formats import ROWS, TRIPLES, Formats
from poh_graph.web.problems import MEDIA_TYPE

Json = dict[str, Any]

_SCHEMAS: dict[str, Json] = {
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
}
"""The datatypes of parameters; any other is a string."""

_PROBLEMS = {
    "400": "A value does not fit: the parameter, what was expected and what was found.",
    "404": "There is no such query, or nothing is called so: the nearest are candidates.",
    "406": "The client takes none of the formats.",
    "409": "A name means several things: they are candidates.",
    "503": "The server is busy; come back after the seconds of Retry-After.",
    "504": "The query took longer than this server gives.",
    "507": "The answer is longer than this server gives.",
}

_PROBLEM: Json = {
    "type": "object",
    "description": "Problem details (RFC 9457).",
    "required": ["status", "title", "detail"],
    "properties": {
        "status": {"type": "integer"},
        "title": {"type": "string"},
        "detail": {"type": "string", "description": "What happened."},
        "where": {"type": "string", "description": "The part of the request."},
        "expected": {"type": "string"},
        "found": {"type": "string"},
        "mend": {"type": "string", "description": "What would put it right."},
        "candidates": {"type": "array", "items": {"type": "string"}, "description": "The nearest things that exist."},
    },
}

_CANDIDATE: Json = {
    "type": "object",
    "properties": {
        "id": {"type": "string", "examples": ["ORPHA:2762"]},
        "iri": {"type": "string", "format": "uri"},
        "label": {"type": "string"},
        "kind": {"type": "string"},
        "matched": {"type": "string", "description": "The name that was found."},
        "how": {"type": "string", "description": "The step that found it, such as identifier, exact or similar."},
        "score": {"type": "number", "description": "Similarity, 0 to 100."},
    },
}


def openapi(base: str, largest_page: int, most_candidates: int, kinds: Sequence[str]) -> Json:
    """The description of the API at an address."""
    paging = [
        _number("limit", 1, largest_page, "Rows of a part; the header Link leads to the next."),
        _number("offset", 0, None, "Rows that come before the part."),
    ]
    queries = {f"/api/{query.name}": {"get": _operation(query, paging)} for query in stored_queries()}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "POH graph",
            "version": __version__,
            "summary": "Stored queries over a knowledge graph of rare disorders.",
            "description": "Each stored query at an address of its own. A parameter that is a thing takes its name, an "
            "abbreviation or an identifier in any spelling. Without limit all rows are given.",
            "license": {"name": "CC BY 4.0", "url": "https://creativecommons.org/licenses/by/4.0/"},
        },
        "servers": [{"url": base}],
        "externalDocs": {"description": "The SPARQL endpoint", "url": f"{base}/sparql"},
        "paths": {
            "/api": {"get": _index()},
            "/api/resolve": {"get": _resolve(most_candidates, kinds)},
            "/api/diff": {"get": _diff()},
            **queries,
        },
        "components": {
            "schemas": {"Problem": _PROBLEM, "Candidate": _CANDIDATE},
            "responses": {
                status: {
                    "description": words,
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
                for status, words in _PROBLEMS.items()
            },
        },
    }


def _operation(query: StoredQuery, paging: list[Json]) -> Json:
    """One stored query."""
    has_rows = query_form(query.text) == "SELECT"
    formats = TRIPLES if query_form(query.text) in ("CONSTRUCT", "DESCRIBE") else ROWS
    return {
        "operationId": query.name,
        "summary": query.summary,
        "description": query.description + _columns(query),
        "tags": list(query.tags),
        "parameters": [
            *(_parameter(parameter) for parameter in query.parameters),
            *(paging if has_rows else []),
            _format(formats),
        ],
        "responses": {
            "200": {
                "description": query.description,
                "headers": {
                    "ETag": {"description": "The release.", "schema": {"type": "string"}},
                    "Link": {"description": "Other parts of the rows (RFC 8288).", "schema": {"type": "string"}},
                },
                "content": {types[0]: {} for types in formats.values()},
            },
            **_refused(*_PROBLEMS),
        },
    }


def _columns(query: StoredQuery) -> str:
    """The columns of a query that has rows."""
    answer = ox.Store().query(query.text)
    if not isinstance(answer, ox.QuerySolutions):
        return ""
    return f" Columns: {', '.join(variable.value for variable in answer.variables)}."


def _parameter(parameter: Parameter) -> Json:
    """A parameter of a stored query; several values are several terms of its list."""
    values = [_default(term) for term in parameter.default]
    schema = _SCHEMAS.get(parameter.kind, {"type": "string"})
    words = " By name, abbreviation or identifier." if parameter.kind == "iri" else ""
    return {
        "name": parameter.name,
        "in": "query",
        "description": parameter.documentation[:1].upper() + parameter.documentation[1:] + "." + words,
        "required": False,
        "style": "form",
        "explode": True,
        "schema": {"type": "array", "items": schema, "minItems": 1, "default": values},
        "example": values,
    }


def _default(term: ox.NamedNode | ox.Literal) -> str | int | float | bool:
    """A default as a client writes it."""
    if isinstance(term, ox.NamedNode):
        return curie_of(term.value)
    kind = _SCHEMAS.get(term.datatype.value.rpartition("#")[2], {}).get("type")
    if kind == "integer":
        return int(term.value)
    if kind == "number":
        return float(term.value)
    return term.value == "true" if kind == "boolean" else term.value


def _number(name: str, least: int, most: int | None, words: str) -> Json:
    bounds = {"minimum": least} | ({} if most is None else {"maximum": most})
    return {"name": name, "in": "query", "description": words, "schema": {"type": "integer", **bounds}}


def _word(name: str, words: str, among: Sequence[str] = (), *, is_needed: bool = False) -> Json:
    schema = {"type": "string"} | ({"enum": list(among)} if among else {})
    return {"name": name, "in": "query", "description": words, "required": is_needed, "schema": schema}


def _format(formats: Formats) -> Json:
    return _word("format", "The format, for those who cannot set the header Accept.", list(formats))


def _refused(*statuses: str) -> Json:
    return {status: {"$ref": f"#/components/responses/{status}"} for status in statuses}


def _json(description: str, schema: Json) -> Json:
    return {"description": description, "content": {"application/json": {"schema": schema}}}


def _index() -> Json:
    listed = {"type": "object", "properties": {"queries": {"type": "array", "items": {"type": "object"}}}}
    return {
        "operationId": "queries",
        "summary": "Which stored queries are there?",
        "responses": {"200": _json("Each with its question and its parameters.", listed)},
    }


def _resolve(most: int, kinds: Sequence[str]) -> Json:
    candidates = {"type": "array", "items": {"$ref": "#/components/schemas/Candidate"}}
    found = {"type": "object", "properties": {"text": {"type": "string"}, "candidates": candidates}}
    return {
        "operationId": "resolve",
        "summary": "What does a name or an identifier mean?",
        "description": "All things that have it; where none has, those whose names are like it (how: similar).",
        "parameters": [
            _word("text", "A label, a synonym, an abbreviation or a code in any spelling.", is_needed=True),
            _word("kind", "Only things of this kind.", kinds),
            _number("limit", 1, most, "At most so many that are merely near."),
            _word("format", "The format.", ("json", "csv")),
        ],
        "responses": {
            "200": {
                "description": "Candidates, best first.",
                "content": {"application/json": {"schema": found}, "text/csv": {}},
            },
            **_refused("400", "406"),
        },
    }


def _diff() -> Json:
    return {
        "operationId": "diff",
        "summary": "What changed from one release to another?",
        "description": "Releases that the server was started with (serve --diff NAME=BUNDLE); 404 names them.",
        "parameters": [
            _word("old", "The name of the old release.", is_needed=True),
            _word("new", "The name of the new release.", is_needed=True),
            _word("disorder", "Only the changes of this disorder."),
            _word("kind", "Only changes of this kind; may be repeated.", tuple(KINDS_OF_CHANGE)),
            _word("format", "The format.", ("json", "csv", "tsv", "markdown")),
        ],
        "responses": {
            "200": {
                "description": "The changes, in words.",
                "content": {
                    name: {} for name in ("application/json", "text/csv", "text/tab-separated-values", "text/markdown")
                },
            },
            **_refused("400", "404", "406", "409", "503"),
        },
    }
