"""What responses of models used, and what that costs."""
