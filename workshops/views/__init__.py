"""What the workshops answer beside their pages: sessions, requests, courses done."""
