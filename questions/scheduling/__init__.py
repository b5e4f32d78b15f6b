"""When to ask what again: study days, the memory model, ratings. Pure functions, no ORM, no clock."""
