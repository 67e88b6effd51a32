"""The adapter for QloApps: read the house, see what is free, sell without ever selling a night twice."""

from relevo.adapters.pms.qloapps.adapter import QloApps
from relevo.adapters.pms.qloapps.client import Settings, pooled
from relevo.adapters.pms.qloapps.house import House, read_house

__all__ = ["House", "QloApps", "Settings", "pooled", "read_house"]
