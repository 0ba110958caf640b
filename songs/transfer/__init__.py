"""The catalogue as CSV and its label history as NDJSON, in and out. Labels go through `songs.labelling.record`."""
