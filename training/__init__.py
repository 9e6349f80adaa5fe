"""How the starter network is made: rendering, data, training, evaluation, export. Never part of the product."""
