"""The teams' trackers, simulated and served over real HTTP on this machine's loopback."""
