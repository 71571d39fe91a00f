"""Address books as files: cards into the book and out of it."""
