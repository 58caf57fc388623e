"""Figures of the bulletins: each function names its queries; none grows with the rows."""
