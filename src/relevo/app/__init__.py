"""The composition root: the only package that knows concrete classes."""

from relevo.app.compose import Product, build
from relevo.app.database import enrol, migrate, open_database
from relevo.app.health import diagnose

__all__ = ["Product", "build", "diagnose", "enrol", "migrate", "open_database"]
