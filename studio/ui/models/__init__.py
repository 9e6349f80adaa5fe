"""Item models: what the store and the events say, as Qt views read it."""
