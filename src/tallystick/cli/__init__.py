"""The command line: one client like any other."""
