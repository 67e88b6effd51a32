"""Alembic's entry: uses the connection handed over by ``relevo migrate``, or a throw-away file for autogenerate."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, create_engine

import relevo.adapters.pms.embedded
import relevo.app  # noqa: F401 - importing them makes every table known
from relevo.kit.db import Base


def run(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        user_module_prefix="",
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = create_engine(context.get_x_argument(as_dictionary=True).get("url", "sqlite:///var/autogenerate.db"))
    with engine.connect() as connection:
        run(connection)
