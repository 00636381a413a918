"""The process that receives telemetry over OTLP on loopback."""
