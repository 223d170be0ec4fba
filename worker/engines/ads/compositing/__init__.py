"""A product set into a picture: place, light, colour, shadow, edge."""
