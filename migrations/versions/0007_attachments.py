"""files of conversations

Revision: 0007
"""

from __future__ import annotations

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the rooms that need it."""


def downgrade() -> None:
    """Filled by the rooms that need it."""
