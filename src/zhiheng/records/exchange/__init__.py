"""Records to files and back: columns of a file, export, and import in stages. An export can be imported again."""
