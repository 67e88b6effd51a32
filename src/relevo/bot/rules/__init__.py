"""The bot's decisions, all of them pure: what a message means for the dialogue, what to ask a tool, what to say.

``dialogue`` is the state, ``steps`` the words in which specialists ask for facts, ``orchestrate`` chooses specialists
and makes one answer of their parts, ``wording`` fills the sentences, ``guard`` refuses any fact that nobody gave.
"""
