"""Values, bytes and keys. Pure; imports nothing else of Tallystick."""
