"""What do we add to the bare limit of the machine? Each benchmark measures both in the same run."""
