"""Dotted names in the bank that no installed library can resolve, each with the reason why it is right all the same."""

EVENT = "the type of an ASGI event, named in the ASGI specification"
KNOWN: dict[str, str] = {
    "Book.objects.get": "a model of an example",
    "http.disconnect": EVENT,
    "http.request": EVENT,
    "http.response.body": EVENT,
    "http.response.start": EVENT,
    "lifespan.startup": EVENT,
    "self.request.user": "in a method of a view",
    "requests.get": "of a library that is named as an example of blocking calls and not installed",
}
