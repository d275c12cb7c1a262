"""Commands that have a module of their own; ``cli`` gathers them."""
