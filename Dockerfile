# Two stages: the first has pip and its caches, the second only what runs.
FROM python:3.12-slim-bookworm AS build
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --require-hashes -r requirements.txt
COPY . .
# Catalogs and static files belong to the image. No secret is needed for either:
# the embedded settings make a key of their own in a folder that stays behind.
RUN GKC_HOME=/tmp/build /venv/bin/python manage.py compile_messages \
    && GKC_HOME=/tmp/build GKC_STATIC_ROOT=/app/static-collected \
       /venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build

FROM python:3.12-slim-bookworm
# Pango draws the PDF, Noto writes every language of the site.
RUN apt-get update \
    && apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-noto-core fonts-noto-cjk \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /data --create-home gkc
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    DJANGO_SETTINGS_MODULE=gkc_site.settings.production \
    GKC_HOME=/data \
    GKC_STATIC_ROOT=/app/static-collected
WORKDIR /app
COPY --from=build /venv /venv
COPY --from=build /app /app
USER gkc
VOLUME /data
EXPOSE 8000
CMD ["granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8000", \
     "--workers", "2", "--blocking-threads", "4", "--respawn-failed-workers", "--no-ws", \
     "gkc_site.wsgi:application"]
