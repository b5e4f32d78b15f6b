"""Search in guides, FAQs, published questions, and the owner's notes and bookmarks.

Of a question only the stem and the code are searched, because more would reveal the answer.
"""
