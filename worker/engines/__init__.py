"""Engines, one module each, found by the name that a workflow file gives."""
