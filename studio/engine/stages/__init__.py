"""One adapter each for the stages of the pipeline."""
