"""Who knows the passwords: our own accounts, and the plant's Active Directory."""
