"""Sales channels: a TOML file for each (how its file is made, and its rules with their sources), and their reading.

A rule whose source is "house rule" is ours; what a channel does not say stands in no file.
"""
