"""Pages that answer a question: two disorders side by side, the chain of a claim, a search, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from poh_graph.documents.comparison import Comparison
from poh_graph.documents.document import Document, Paragraph
from poh_graph.documents.why import Chain
from poh_graph.pages.frame import Frame
from poh_graph.pages.html import rendered
from poh_graph.resolve import Candidate

_NOT_ONE = "This graph makes no claim that joins the two."


@dataclass(frozen=True)
class Trouble:
    """Why there is no answer: the status of HTTP with its phrase, what happened, and what may have been meant."""

    status: int
    phrase: str
    detail: str
    candidates: Sequence[str] = ()


def comparison_html(found: Comparison, frame: Frame) -> str:
    """Two disorders side by side, as HTML."""
    return _document(found.document(), frame, "Compared")


def chain_html(found: Chain, frame: Frame) -> str:
    """The chain of a claim, as HTML; each statement can be reported as wrong."""
    sections = [claim.section() for claim in found.claims]
    lead = () if sections else [Paragraph(_NOT_ONE)]
    title = f"Why {found.subject} and {found.object}?"
    statements = {place: claim.statement for place, claim in enumerate(found.claims)}
    return _document(Document(title, sections, lead), frame, "Who says it", statements)


def _document(document: Document, frame: Frame, kind: str, statements: Mapping[int, str] | None = None) -> str:
    """A document as HTML; ``statements`` are the IRIs of what its sections show, by their places."""
    return rendered("document.html.jinja", document=document, frame=frame, kind=kind, statements=statements or {})


def search_html(text: str, found: Sequence[Candidate], frame: Frame) -> str:
    """What a name or identifier may mean, as HTML."""
    return rendered("search.html.jinja", text=text, found=found, frame=frame)


def trouble_html(trouble: Trouble, frame: Frame) -> str:
    """Why there is no answer, as HTML."""
    return rendered("trouble.html.jinja", trouble=trouble, frame=frame)
