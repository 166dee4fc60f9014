"""Pages of the person who is signed in, and the sign-in page."""
