"""What the vendor records: deals, satisfaction, introductions, objectives, restrictions."""
