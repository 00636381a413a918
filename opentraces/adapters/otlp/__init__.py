"""OTLP over HTTP on loopback: what clients post, checked, decoded and handed on."""
