"""Where the files of versions lie, how they are built, deleted and swept."""
