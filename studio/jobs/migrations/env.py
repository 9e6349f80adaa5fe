"""What alembic runs: the migrations, on the connection it was handed."""

from alembic import context

from studio.jobs.watch_tables import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
