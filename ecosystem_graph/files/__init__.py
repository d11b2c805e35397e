"""Small files read within bounds; files and folders that appear whole or not at all."""
