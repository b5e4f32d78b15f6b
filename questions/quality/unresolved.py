"""Dotted names in the bank that do not exist in the installed libraries, each with the reason why it is correct."""

EVENT = "the type of an ASGI event, named in the ASGI specification"
KNOWN: dict[str, str] = {
    "Book.objects.get": "a model of an example",
    "http.disconnect": EVENT,
    "http.request": EVENT,
    "http.response.body": EVENT,
    "http.response.start": EVENT,
    "Invoice.objects.for_tenant": "a manager of an example",
    "request.csrf_exempt": "named to say that it does not exist",
    "request.resolver_match.kwargs": "set by Django on the request, None on the class",
    "request.tenant": "set by the middleware of an example",
    "request.urlconf": "set by middleware, read by Django's handler",
    "self.get_response": "in a method of a middleware",
    "self.instance": "in a method of a serializer",
    "self.request.user": "in a method of a view",
    "done.append": "a list of an example",
    "sys._is_gil_enabled": "new in Python 3.13",
}
