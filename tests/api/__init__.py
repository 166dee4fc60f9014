"""What programs send to the API as it describes itself."""
