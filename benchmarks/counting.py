"""Tells the benchmark how many SQL queries and how much CPU time a page took."""

import time

from django.db import connection

ASKED, ANSWER = "X-Benchmark", "X-Benchmark-Answer"
QUERIES, CPU, TEXT = "queries", "cpu", "text"


def count(get_response):
    """Middleware: answers what the request asks for, and costs nothing where it does not.

    `queries`: their number; `text`: their SQL in place of the page; `cpu`:
    seconds of the thread's own time, which a busy machine does not stretch.
    """

    def answer(request):
        asked = request.headers.get(ASKED)
        if asked is None:
            return get_response(request)
        if asked == CPU:
            begin = time.thread_time()
            response = get_response(request)
            response[ANSWER] = f"{time.thread_time() - begin:.6f}"
            return response
        statements: list[str] = []

        def note(execute, sql, params, many, context):
            statements.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(note):
            response = get_response(request)
        response[ANSWER] = str(len(statements))
        if asked == TEXT:
            response.content = "\n\n".join(statements)
        return response

    return answer
