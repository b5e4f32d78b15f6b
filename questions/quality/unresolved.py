"""Dotted names in the bank that do not exist in the installed libraries, each with the reason why it is correct."""

EVENT = "the type of an ASGI event, named in the ASGI specification"
FILE = "a file of an example"
KNOWN: dict[str, str] = {
    "book.author": "a relation of an example",
    "Book.objects.get": "a model of an example",
    "http.disconnect": EVENT,
    "http.request": EVENT,
    "http.response.body": EVENT,
    "http.response.start": EVENT,
    "lifespan.startup": EVENT,
    "Invoice.objects.for_tenant": "a manager of an example",
    "request.csrf_exempt": "named to say that it does not exist",
    "request.resolver_match.kwargs": "set by Django on the request, None on the class",
    "request.tenant": "set by the middleware of an example",
    "request.urlconf": "set by middleware, read by Django's handler",
    "self.get_response": "in a method of a middleware",
    "self.instance": "in a method of a serializer",
    "self.request.user": "in a method of a view",
    # Python itself
    "app.py": FILE,
    "billing.invoice": "a function of an example",
    "client.price": "a method of an example",
    "customers.py": FILE,
    "invoice.paid": "the name of an event in an example",
    "manager.__enter__": "a method of any context manager",
    "orders.Order": "a class of an example",
    "self.__dict__": "in a method of any class",
    "settings.RETRIES": "a setting of an example",
    "stack.enter_context": "a method of contextlib.ExitStack",
    "times.pop": "a method of a list in an example",
    "worker.Retry": "a class of an example",
    "worker.py": FILE,
    "writer.writerows": "a method of the writers of the csv module",
}
