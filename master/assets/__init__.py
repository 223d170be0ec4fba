"""Files that people and renders bring in: kept once by their hash, served by id."""
