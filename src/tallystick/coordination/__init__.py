"""Protocols across ledgers: joint changes, swaps, and who carries and watches for others."""
