"""The simulated phones: what they bring, what they show, and what is copied of them."""
