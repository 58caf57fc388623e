"""Case stories and their pages, bulletin issues, responses."""
