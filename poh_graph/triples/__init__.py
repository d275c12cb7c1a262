"""Records become statements, one module a source. This package knows RDF, and no format of any source."""
