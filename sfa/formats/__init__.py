"""What other programs read and write: iCalendar and vCard, as text and as the values of records."""
