"""The list behind page, export and API: what is asked, which rows, in what order, how a cell reads."""
