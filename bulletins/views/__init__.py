"""Views of the bulletins, a module a desk: share, follow, issues."""
