"""From files to a graph: the packaged one in memory, or a bundle made of releases."""
