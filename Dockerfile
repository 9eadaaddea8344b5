# One image for web, worker, beat and the one-shot migrate; it holds no secret and no data.
FROM python:3.11-slim-bookworm AS packages
COPY requirements-production.lock /tmp/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --requirement /tmp/requirements-production.lock

FROM python:3.11-slim-bookworm
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
        fonts-liberation2 fonts-noto-core \
        libharfbuzz-subset0 libpango-1.0-0 libpangoft2-1.0-0 \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin edocman \
    && install -d -o edocman -g edocman -m 0750 /data /beat
COPY --from=packages /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    DATA_ROOT=/data \
    STATIC_ROOT=/app/staticfiles \
    BEAT_SCHEDULE=/beat/schedule \
    WEB_BIND=0.0.0.0:8000
WORKDIR /app
COPY . .
# The key and the host serve this one command; neither stays in the image.
RUN python -m edocman.translations \
    && SECRET_KEY=collectstatic ALLOWED_HOSTS=localhost python manage.py collectstatic --noinput
USER edocman
VOLUME ["/data"]
EXPOSE 8000
CMD ["python", "-m", "gunicorn", "--config", "python:edocman.web", "edocman.wsgi"]
