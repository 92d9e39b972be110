"""Sign-in at another house by OpenID Connect: which provider, how to get there, and what its answer proves."""
