"""The kinds of things that have a page: what makes the page of each, by the first part of its address."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from poh_graph.pages.disorder import disorder_page
from poh_graph.pages.gene import gene_page
from poh_graph.pages.organization import organization_page
from poh_graph.pages.phenotype import phenotype_page
from poh_graph.pages.remembering import Remembering
from poh_graph.pages.thing import ThingPage

PAGES: Mapping[str, Callable[[Remembering, str], ThingPage]] = {
    "disorder": disorder_page,
    "gene": gene_page,
    "phenotype": phenotype_page,
    "organization": organization_page,
}
