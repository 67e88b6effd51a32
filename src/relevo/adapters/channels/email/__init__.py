"""E-mail: a mailbox read over IMAP, answers over SMTP."""
