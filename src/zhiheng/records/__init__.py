"""One declaration per model: pages, forms, REST, import, export, search and tests are derived from it."""
