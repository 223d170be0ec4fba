"""What keeps the farm's records whole over the years: backups, space, start-up checks, retention."""
