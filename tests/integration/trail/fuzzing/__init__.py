"""Random histories whose every line is known, and a judge of who is named for them."""
