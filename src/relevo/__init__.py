"""Relevo: a self-hosted, Spanish-first AI contact centre."""

__version__ = "0.1.0"
