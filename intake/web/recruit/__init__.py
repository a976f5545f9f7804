"""Pages of recruit: what recruiters meet."""
