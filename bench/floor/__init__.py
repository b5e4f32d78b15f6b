"""The smallest Django views that do what a question's page, and an answer, must: what ours are measured against."""
