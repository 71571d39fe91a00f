"""Figures over the whole book: periods, filters, and the reports, each one declaration."""
