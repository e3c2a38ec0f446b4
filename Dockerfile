FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    FIVEGATES_VAR=/var/lib/fivegates

# What lays the board report out (WeasyPrint), and a font for it: no wheel brings them.
RUN apt-get update --quiet=2 \
    && apt-get install --quiet=2 --yes --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation \
    && rm -rf /var/lib/apt/lists/*

RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin fivegates \
    && install --directory --owner=fivegates --mode=700 /var/lib/fivegates

WORKDIR /app
COPY requirements.txt .
RUN pip install --require-hashes --requirement requirements.txt

COPY manage.py ./
COPY checklists checklists
COPY gates gates
COPY readiness readiness
COPY templates templates
# What stands here as key signs nothing: it is gone when this step ends.
RUN python -m compileall -q checklists gates readiness \
    && FIVEGATES_ENV=production FIVEGATES_VAR=/tmp/build ALLOWED_HOSTS=build \
       SECRET_KEY=only-to-collect-files-0123456789-0123456789-0123456789 \
       python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf /tmp/build

USER fivegates
VOLUME /var/lib/fivegates
EXPOSE 8000
CMD ["gunicorn", "readiness.wsgi", "--bind=0.0.0.0:8000"]
