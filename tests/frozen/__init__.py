"""Code of earlier versions, kept word for word: what it does beside data of today is tested."""
