"""Calendars: the house's own, read from a file of facts, and somebody else's system over REST."""
