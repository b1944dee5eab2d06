"""The benchmarks: `python -m bench [name ...]`, peers side by side in one run."""
