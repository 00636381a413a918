"""What nothing that is kept exceeds: a claim above it is damage. Imports no models."""

LARGEST_COUNT = 2**53
"""A number of something: what every reader of JSON can hold."""

LARGEST_RUN = 128 * 1024 * 1024
"""Bytes of a run that is held whole, plain or stored; what an agent writes comes nowhere near."""
