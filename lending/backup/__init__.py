"""Taking the whole house away in one file while it works, and putting it down somewhere else."""
