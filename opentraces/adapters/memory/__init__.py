"""Every port in a dict: the fakes of the unit tests."""
