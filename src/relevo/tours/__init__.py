"""Excursions with places that nobody can sell twice; agencies that bring guests, and what they have earned."""
