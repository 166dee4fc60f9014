"""One module per command of the platform, each with ``main(argv) -> exit status``."""
