"""Who is told what, when, in which language: mailings, deliveries, digests."""
