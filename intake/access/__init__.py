"""Who may do what: staff sign-in, machine tokens, one-time links, rate limits. Denied unless declared."""
