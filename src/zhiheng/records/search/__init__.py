"""Words to records: one tokeniser for both databases, documents written in the transaction of the record."""
