"""A loopback QloApps: a real server on a local socket that behaves as a QloApps 1.7 was seen to behave, bad manners
included (double sales, ghosts, cancelled orders that look alive, success in words only). For tests, demos and drills;
it keeps everything in memory and holds no guest's data longer than it runs.
"""

from relevo.adapters.pms.loopback_qloapps.api import Loopback
from relevo.adapters.pms.loopback_qloapps.faults import Faults
from relevo.adapters.pms.loopback_qloapps.server import KEY, Served, served
from relevo.adapters.pms.loopback_qloapps.shop import Shop

__all__ = ["KEY", "Faults", "Loopback", "Served", "Shop", "served"]
