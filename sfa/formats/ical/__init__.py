"""iCalendar (RFC 5545): activities as events and to-dos, and back."""
