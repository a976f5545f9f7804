"""Pages of privacy: what a privacy officer meets."""
