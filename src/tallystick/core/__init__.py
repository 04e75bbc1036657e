"""The deterministic state transition. Pure; begin with `transition.py`."""
