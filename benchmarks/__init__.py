"""What opentraces costs, as ratios to floors measured in the same run."""
