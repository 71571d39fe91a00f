"""Head office and laptops in one process, with everything that can go wrong between them decided by one seed.

``python -m tests.sync.simulation SEED`` replays a seed and tells its story.
"""
