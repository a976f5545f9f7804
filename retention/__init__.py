"""What was promised, for how long, and the end of data. Never opens a seal."""
