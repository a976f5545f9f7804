"""Sign-in of staff, and the frame around every page for staff."""
