"""Readers: one format each, from bytes to Sheets. They run inside the sandbox only and never touch files or network."""
