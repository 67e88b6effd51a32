"""Appointments: services, packages, and slots that nobody can sell twice."""
