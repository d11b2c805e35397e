"""Messages to the user about tables: notes, problems grouped by cause, and their wording."""
