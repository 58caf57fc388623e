"""Tells the benchmark how many SQL queries a page took."""

from django.db import connection

ASKED, ANSWER = "X-Count-Queries", "X-Queries"


def count_queries(get_response):
    """Middleware: counts where the request asks for it, and costs nothing where it does not."""

    def answer(request):
        if ASKED not in request.headers:
            return get_response(request)
        statements: list[str] = []

        def note(execute, sql, params, many, context):
            statements.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[ANSWER] = str(len(statements))
        if request.headers[ASKED] == "text":
            response.content = "\n\n".join(statements)
        return response

    return answer
