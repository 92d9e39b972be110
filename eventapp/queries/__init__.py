"""Named reads with more than one caller; they never write."""
