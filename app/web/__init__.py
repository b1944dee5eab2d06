"""What stands between the network and the product: guards, context, errors, static files, metrics.

Everything here is pure ASGI and wired by `app.web.wiring.install`.
"""
