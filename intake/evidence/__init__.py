"""What the running installation shows for each promise: live figures, asked of its database and of its own pages."""
