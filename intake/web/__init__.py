"""The pages people see. Thin: a view dataclass in, HTML out. Never imports ``storage``, never decides anything."""
