"""What several resources need of HTTP: errors, conditional requests, renderers, authentication, limits. Knows no resource."""
