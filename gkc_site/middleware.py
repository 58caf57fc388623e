"""The admin's own Content-Security-Policy."""

from csp.constants import SELF, UNSAFE_INLINE


class AdminPolicyMiddleware:
    """Wagtail's editor writes inline styles and scripts; the public site never does."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.path.startswith("/admin/"):
            response._csp_update = {
                "script-src": [UNSAFE_INLINE],
                "style-src": [UNSAFE_INLINE],
                "img-src": ["data:"],
                "frame-src": [SELF],
            }
        return response
