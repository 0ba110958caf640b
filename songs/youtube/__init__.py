"""The YouTube Data API v3: calls, answers, fields. Knows neither models nor settings; its transport is an argument."""
