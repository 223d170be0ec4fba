"""Ads: from a product photo and a line of text to pictures, as jobs that are wired to one another."""
