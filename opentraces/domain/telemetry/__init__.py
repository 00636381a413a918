"""What agents tell of themselves over OTLP: records, and whose they are."""
