"""Use cases: one module per thing that a person can ask of the product.

Each function takes the :class:`~intake.installation.Installation` first, runs inside the caller's transaction, and
raises :class:`~intake.desk.refusals.Refusal` when it will not do what was asked.
"""
