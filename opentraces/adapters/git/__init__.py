"""What the `git` command says, with everything a repository could make it run left out."""
