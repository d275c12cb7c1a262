"""What the readers yield: facts as plain dataclasses, in the words of their source, without any RDF."""
