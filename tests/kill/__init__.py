"""Proofs by SIGKILL and SIGSTOP: processes die or freeze at work; nothing is lost, doubled or out of order."""
