"""What the commands do, one module for each kind; imported by the command that runs."""
