"""retention and legal hold

Revision: 0010
"""

from __future__ import annotations

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Filled by the rooms that need it."""


def downgrade() -> None:
    """Filled by the rooms that need it."""
