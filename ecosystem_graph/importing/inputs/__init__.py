"""Files of a source -> the inputs of a mapping, only the columns that it names."""
