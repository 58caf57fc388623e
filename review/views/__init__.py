"""What this room answers at its addresses."""
