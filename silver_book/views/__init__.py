"""What the book answers beside its pages: the matrix, editors' desk, local edition."""
