"""Rendering of more training scenes, in Blender's own environment."""
