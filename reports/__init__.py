"""The desk: what waits for me. Reads all, writes nothing."""
