"""The bucket, and all else that is kept, as files."""
