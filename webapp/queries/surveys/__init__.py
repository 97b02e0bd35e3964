"""Reading surveys: for those who build them, for those who answer, and what was answered."""
