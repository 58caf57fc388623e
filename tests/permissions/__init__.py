"""The permission table: each role × each URL × each method, with the answer expected.

A room's rows stand in `rows_<room>.py` as `ROWS`; admin addresses in
`rows_admin.py`. To add a URL, add a `Row` there; `table.py` says how.
"""
