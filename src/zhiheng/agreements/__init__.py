"""Contracts, the commitments they hold (which time is promised to whom for what) and exemptions from them."""
