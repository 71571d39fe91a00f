"""sfa: a salesperson's whole book of business in the terminal."""

__version__ = "0.1.0"
