"""Readers, one module a source: a file becomes records, and problems with their place.

Readers know formats, and no RDF.
"""
