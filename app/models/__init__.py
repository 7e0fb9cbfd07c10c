"""The models: what there is, what is installed, how it is fetched, checked and loaded."""
