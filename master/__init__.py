"""The server: pre-production data, the farm's heart and the HTTP faces."""
