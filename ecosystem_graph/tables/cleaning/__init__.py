"""Raw tables -> typed tables, with one id and one spelling for each thing."""
