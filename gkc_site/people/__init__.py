"""/<lang>/people/: review areas and their campaigners, and whom to ask (R6, R22, R24)."""
