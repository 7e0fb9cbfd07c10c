"""What the window asks of the rest of the program, one module for each of its areas."""
