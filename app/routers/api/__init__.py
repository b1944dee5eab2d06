"""JSON, one file per concept."""

API = "/api/v1"  # every path of it begins so
