"""How sure a record is, 0 to 1 (to be calibrated)."""
