"""The canvas: photographs in tiles of their mip levels, overlays, and the tools that edit mask and pose."""
