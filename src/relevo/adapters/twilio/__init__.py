"""What telephone calls and messages through Twilio have in common: signed forms that come in, REST that goes out.

Neither a line nor a channel by itself; those are in ``lines`` and ``channels``.
"""
