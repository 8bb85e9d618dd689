"""The demonstration: four teams of one retailer, their simulated trackers, and what attune finds."""
