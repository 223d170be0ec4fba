"""Import and export: workbooks, CSV, JSON, and a project's `data.json`."""
