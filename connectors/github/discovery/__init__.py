"""What a host offers and its repositories use."""
