"""Faults on purpose: networks that delay, lose, reorder and cut."""
