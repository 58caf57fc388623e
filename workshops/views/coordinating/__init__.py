"""The coordinator's desk: sessions planned, changed, merged, their people written to."""
