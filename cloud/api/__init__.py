"""The service's web interface: one module per subject."""
