"""The runner's own words: ``athlete.toml`` in `profile`."""
