"""Modamoda Studio: invisible-mannequin and on-model pictures, offline, with the product's pixels untouched."""

__version__ = "0.1.0"
