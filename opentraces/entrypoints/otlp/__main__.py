"""`python -m opentraces.entrypoints.otlp`: what `opentraces capture-otlp start` starts."""

import sys

from opentraces.entrypoints.otlp.receiver import main

sys.exit(main())
