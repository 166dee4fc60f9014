"""Pages generated from declarations. A view only translates HTTP; rows, rules and writes stand elsewhere."""
