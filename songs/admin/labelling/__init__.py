"""The page on which people label one video at a time. Labels are written by `songs.labelling.record`."""
