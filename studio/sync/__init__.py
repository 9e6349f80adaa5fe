"""The optional account: its service, its secrets, its licence, and what is sent and fetched. Nothing local needs it."""
