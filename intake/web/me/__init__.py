"""Pages of me: what a person meets who looks at their own data."""
