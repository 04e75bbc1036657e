"""Who runs the transition and when: so far one process."""
