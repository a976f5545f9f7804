"""What is kept, and how it is protected. Imports nothing of ours outside this package."""
