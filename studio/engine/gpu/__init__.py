"""The studio engine: what the stages need of torch, on the photographer's graphics card."""
