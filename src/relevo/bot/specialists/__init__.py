"""The specialists, one file each: every module of this package that defines ``SPECIALIST`` takes part."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache

from relevo.bot.rules.steps import Specialist


@cache
def specialists() -> tuple[Specialist, ...]:
    """All of them, in the order in which they speak."""
    found = [
        importlib.import_module(f"{__name__}.{module.name}").SPECIALIST for module in pkgutil.iter_modules(__path__)
    ]
    return tuple(sorted(found, key=lambda specialist: specialist.priority))
