"""What people say of moods: labels, their history, consensus, queue. The only writer of `moods` and `labeled`."""
