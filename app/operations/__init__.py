"""What people do: one function per verb, one transaction each."""
