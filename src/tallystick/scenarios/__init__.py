"""One file per story of the requirements, each runnable from beginning to end."""
