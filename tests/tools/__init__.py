"""Tools that tests and figures are made with."""
