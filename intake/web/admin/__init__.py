"""Pages of admin: what administrators meet."""
