"""The values that a profile is made of, for pages and calls (they never reach into storage themselves)."""

from storage.profile import PROFILE_FIELDS, Category, Education, Evidence, Place, Profile, Reading, Verdict, Work

__all__ = ["PROFILE_FIELDS", "Category", "Education", "Evidence", "Place", "Profile", "Reading", "Verdict", "Work"]
