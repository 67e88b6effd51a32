"""alerts to staff and the mode of the house

Revision: 0009
"""

from __future__ import annotations

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the rooms that need it."""


def downgrade() -> None:
    """Filled by the rooms that need it."""
