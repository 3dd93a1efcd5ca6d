"""Many reports at once: read, kept in one database, exported, and told in figures."""
