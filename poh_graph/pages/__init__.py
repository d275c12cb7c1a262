"""Pages for people: HTML that is read without JavaScript, from a server, a folder of files or a single file.

:mod:`poh_graph.pages.places` says which things have a page and where it is, :mod:`poh_graph.pages.html` turns documents
into HTML, and one module a kind of page says what stands on it. Templates, styles and scripts lie beside them.
"""
