"""Calendars and address books on a server of the user's own, kept in step with the book both ways (CalDAV, CardDAV)."""
