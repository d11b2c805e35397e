"""Small files read within limits; files and folders that are written completely or not at all."""
