"""The content against the real libraries: what a guide or a question claims is run."""
