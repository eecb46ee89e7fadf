"""The runner's own words: settings (``athlete.toml``) and diary (``diary.csv``), both optional."""
