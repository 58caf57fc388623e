"""Forms of the bulletins: parse what people typed, decide nothing."""
