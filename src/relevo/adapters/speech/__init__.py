"""Hearing and speaking on this machine: recognisers, voices and detectors for the ports of ``relevo.calls``."""
