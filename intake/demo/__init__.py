"""Fictional people and their resumes, so that the product can be tried without anyone's data.

Nothing here may describe a real person: names are combined at random, mail domains and phone ranges are reserved.
"""
