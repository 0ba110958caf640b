"""What every request and page shares and no app owns: middleware, limits, errors, base templates. Imports no app above it."""
