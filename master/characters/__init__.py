"""Characters of a project and their looks."""
