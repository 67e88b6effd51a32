"""WhatsApp through Twilio: signed webhooks in, REST out. The same inbox, window and delivery as every other channel."""
