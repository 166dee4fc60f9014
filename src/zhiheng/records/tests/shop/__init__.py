"""A small shop: models and declarations that the tests of the machinery run on."""
