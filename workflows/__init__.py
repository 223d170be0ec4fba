"""Workflows as data: one JSON file each, read by `workflows.catalog`."""
