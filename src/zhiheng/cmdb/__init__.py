"""Configuration items, their classes and relations, and the walk from cause to impact."""
