"""The server: a SPARQL endpoint, linked data, a query API and pages over one graph, all of it read-only.

:mod:`poh_graph.web.app` puts it together; each module that answers requests exports ``routes(site)``, a list of
Starlette's routes, and finds in the :class:`poh_graph.web.site.Site` all that it needs. A query that came from outside
is run by ``await site.evaluator.run(question)``, in a process that can be killed, never in this one.
"""
