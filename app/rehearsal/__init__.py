"""The rehearsal: simulated attendees who use the public protocol alone. Tests and benchmarks use
the same people.

Nothing here imports the rest of the product; what it knows of a room is what the wire says.
"""
