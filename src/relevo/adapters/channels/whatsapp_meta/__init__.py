"""WhatsApp by Meta's Cloud API: one number of one business account, over plain HTTP, in both directions.

Everything that Meta sends is read, however many things come in one delivery, and nothing is believed that is not
signed. What leaves is worded for WhatsApp here; who may say what to whom is decided in ``conversations``.
"""
