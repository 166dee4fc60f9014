"""Proofs of `measure`: published oracles, independent computations, properties."""
