"""The agent that runs on every box of the farm."""
