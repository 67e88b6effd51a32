"""reminders and consent

Revision: 0008
"""

from __future__ import annotations

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the rooms that need it."""


def downgrade() -> None:
    """Filled by the rooms that need it."""
