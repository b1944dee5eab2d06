"""The plan check (C1, C2): a plan measured against every figure of the method, a file a section."""
