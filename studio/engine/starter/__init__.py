"""The starter engine's parts: networks on the processor, and the picture work around them."""
