"""Promises of the room, each proved through the public interface and seen red against its
saboteur."""
