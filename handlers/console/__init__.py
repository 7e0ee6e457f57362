"""The staff console at `/consola`: sign in, watch conversations live, take over."""
