"""How stories flow and who is coached: the board, its limits, the coaching log."""
