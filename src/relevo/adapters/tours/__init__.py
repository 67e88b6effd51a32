"""Where the facts about excursions come from."""
