"""How Sphinx builds the site of these pages."""

from studio import __version__

project = "Modamoda Studio"
copyright = "2026 Modamoda"
version = release = __version__
extensions = ["myst_parser"]
source_suffix = {".md": "markdown"}
exclude_patterns = ["decisions.md", "measurements.md"]
html_theme = "furo"
html_title = "Modamoda Studio"
html_extra_path = ["reference/openapi.json"]
myst_heading_anchors = 3
# Code blocks hold commands and outlines; none needs colours.
highlight_language = "none"
