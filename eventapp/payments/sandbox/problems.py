"""How does the API say no? Problems become Mollie's error JSON in one place, api.py."""

_TITLES = {
    400: "Bad Request",
    401: "Unauthorized Request",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    422: "Unprocessable Entity",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
}


class Problem(Exception):
    """A request that is answered with an error."""

    def __init__(self, status: int, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.field = field

    def as_json(self) -> dict[str, object]:
        documentation = {"href": "https://docs.mollie.com/overview/handling-errors", "type": "text/html"}
        answer: dict[str, object] = {
            "status": self.status,
            "title": _TITLES.get(self.status, "Error"),
            "detail": self.detail,
        }
        if self.field:
            answer["field"] = self.field
        return answer | {"_links": {"documentation": documentation}}
