"""A process of its own for each document, without files, network, secrets or a way out.

Kernel layers: resource limits, no_new_privs, Landlock, seccomp (safety, 4.2-4.4). Nothing here knows any document
format; what runs inside is named by the caller. This package must never read settings, keys or a database.
"""
