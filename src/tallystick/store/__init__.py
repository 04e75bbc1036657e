"""Durable bytes: the journal is the truth, everything else here can be made from it again."""
