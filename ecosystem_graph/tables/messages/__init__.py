"""What reading tables tells the user: notes, problems by cause, and their wording."""
