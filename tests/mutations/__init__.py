"""Hand mutations: one change in a formula each, that a test must notice."""
