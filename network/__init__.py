"""People and places: users, mandates, areas, distributors, topics, media, the tree lock."""
