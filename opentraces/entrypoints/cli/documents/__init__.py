"""Results as JSON documents, one module a kind; docs/json.md is the contract."""
