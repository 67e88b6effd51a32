"""A grammar of what hotel guests say in Spanish: dates and stays, people, rooms, contact data, topics.

Pure: the reference day is passed in and nothing is guessed silently; what has two fair readings is reported as such.
"""
