"""The hits: their model, the grid and what can be done with them."""
