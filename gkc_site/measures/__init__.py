"""/<lang>/measures/: figures of all rooms, the journey of stories, country briefs."""
