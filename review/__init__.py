"""Reviews, notes, assignment, queue and working translations, for any object."""
