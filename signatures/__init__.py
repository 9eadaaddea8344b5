"""Digital signatures: what they say of a received file. No tables of its own yet."""
