"""Calendars as files: activities out, and what others send in."""
