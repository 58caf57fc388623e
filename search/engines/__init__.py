"""The engines behind the contract; reached through search.api only."""
