"""Files come in: the request's bytes, a draft, what is asked of it. Stores no table."""
