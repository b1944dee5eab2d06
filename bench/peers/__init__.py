"""Others who do the same job, as a competent developer writes it from the documentation."""
