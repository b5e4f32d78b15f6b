"""Everything that is here only for speed; docs/performance.md says what each part does and gains."""
