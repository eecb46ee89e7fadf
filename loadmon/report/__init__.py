"""From findings and frames to words, tables and pictures."""
