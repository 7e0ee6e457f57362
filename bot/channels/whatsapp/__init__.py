"""WhatsApp: what Meta sends us, and what we send it."""
