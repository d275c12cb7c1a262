"""What changed from one graph to another, and over releases: found in sorted lines, told in words and in RDF."""
