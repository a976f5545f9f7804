"""Every SELECT and UPDATE that the layers above may run, by name. None of them opens a seal."""
