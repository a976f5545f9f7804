"""Pages of apply: what a job seeker meets."""
