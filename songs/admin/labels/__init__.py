"""The history of labels in the admin, and taking labels back."""
