"""The settings: everything that can be chosen, in a dialog with pages."""
