"""What people read of a graph: small documents that become text, Markdown or JSON, and pages of a browser too."""
