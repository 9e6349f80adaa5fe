"""The database's way from one version to the next."""
