"""What people type, read as what they mean: pure rules, one module a kind of answer."""
