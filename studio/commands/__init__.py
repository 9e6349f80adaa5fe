"""Groups of commands that `modamoda` hangs in."""
