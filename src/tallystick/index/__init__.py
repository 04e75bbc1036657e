"""The read model in SQL: built from events, rebuildable at any time, and never the truth."""
