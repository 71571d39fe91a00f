"""Cards of address books (vCard 2.1, 3.0 and 4.0): what they say in the fields of contacts, and the way back."""
