"""Lists of what done means: in a text, under a heading, in a field of their own. Pure."""
