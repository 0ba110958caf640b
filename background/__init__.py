"""Work beside the web process: worker, queue, locks, and the registry that apps enter. Imports no app of the house."""
