"""What a graph must pass before it becomes a bundle: shapes, check queries, and checks of every term."""
