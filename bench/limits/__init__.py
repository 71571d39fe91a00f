"""The limits: the least work by which each figure is judged, by hand and without sfa."""
