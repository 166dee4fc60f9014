"""REST from the declarations: `/api/v1/<app>/<plural>/`, with the filters, order and paging of the pages."""
