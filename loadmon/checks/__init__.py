"""From daily load to findings: what stands out in the last seven days, and what is not known."""
