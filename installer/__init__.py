"""Making what people install: the bundle, its licences and parts list, and the packages around it."""
