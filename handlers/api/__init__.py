"""What programs call: clients, requests, health, and the reference that explains them."""
