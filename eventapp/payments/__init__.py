"""The room where money comes in: what we need from a provider, Mollie, and a sandbox that speaks like Mollie."""
