"""The staff's pages at `/consola`: sign in, watch every conversation live, step in."""
