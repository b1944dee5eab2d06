"""The plan on paper: one file here and one typst template each, found by themselves."""
