"""deposits, receipts and the road of a booking

Revision: 0005
"""

from __future__ import annotations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the rooms that need it."""


def downgrade() -> None:
    """Filled by the rooms that need it."""
