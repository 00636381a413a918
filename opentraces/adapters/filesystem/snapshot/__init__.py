"""Copies of the bucket in other folders, which are homes of their own."""
