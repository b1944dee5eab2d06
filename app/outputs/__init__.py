"""What leaves on paper, as a picture or as a file."""
