"""Rules as data (`data/*.toml`), each with the sentences it must and must not match."""
