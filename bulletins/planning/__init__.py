"""What an editor plans an issue by: the year, fitness of stories, balance, languages, dates."""
