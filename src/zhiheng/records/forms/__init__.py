"""Forms generated from a declaration: sections, links with search, stamps against lost edits."""
