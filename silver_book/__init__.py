"""The book: principles and practices, editions, local editions."""
