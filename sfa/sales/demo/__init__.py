"""A made-up company with two years of work in its book: for a first look, for pictures and for tests."""

from sfa.sales.demo.book import make_demo

__all__ = ["make_demo"]
