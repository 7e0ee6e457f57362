"""What the console and the simulator share: rendering, views, live updates, headers."""
