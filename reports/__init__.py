"""The desk: what waits for me; later the printed registers and the figures. Reads all, writes nothing."""
