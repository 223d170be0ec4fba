"""Pre-production: projects, sequences, shots, takes, prompts, import and export."""
