"""Editing a shot list: gestures of any number of cells, each one undo step."""
