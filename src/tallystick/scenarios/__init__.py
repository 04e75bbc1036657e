"""Stories of the requirements, each runnable from beginning to end."""
