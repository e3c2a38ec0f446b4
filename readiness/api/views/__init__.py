"""One module per noun; each view finds the row, checks the shape of the input and makes one call."""
