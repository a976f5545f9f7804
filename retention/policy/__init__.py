"""What was promised: a policy profile, typed and checked; its notice, its check, its changes.

The profile is the one source of what is said and done. Nothing here opens a seal or reads a person's data.
"""
