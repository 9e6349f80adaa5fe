"""The steps from one schema of the database to the next, run by alembic."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine


def upgrade(engine: Engine, schema: int) -> None:
    """Bring the database behind `engine` to `schema` in one transaction and write that number into it."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    with engine.execution_options(immediate=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, f"{schema:04}")
        connection.exec_driver_sql(f"PRAGMA user_version={schema}")
