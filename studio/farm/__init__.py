"""The same job on many machines."""
