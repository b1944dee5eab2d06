"""What goes out to other systems, and the one client that takes it there."""
