"""What will close, and when: what reps say, what their managers make of it, and what the book's own history says."""
