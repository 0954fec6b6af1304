# The bot as one image: `web` by default, `clock` and `migrate` by name. docs/operations.md says how to run it.
FROM python:3.12-slim AS packages
COPY requirements.txt .
RUN python -m venv /venv && /venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt

FROM python:3.12-slim
# A user of its own, and a folder for a SQLite database that only that user can read.
RUN useradd --system --uid 10001 --no-create-home throughline && install -d -o throughline -m 700 /data
COPY --from=packages /venv /venv
WORKDIR /app
COPY bot bot
COPY handlers handlers
COPY storage storage
COPY protocols protocols
ENV PATH=/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    MPLCONFIGDIR=/tmp \
    HOST=0.0.0.0 \
    PORT=3978 \
    DATABASE_URL=sqlite:////data/throughline.sqlite
RUN python -m compileall -q bot handlers storage protocols
USER throughline
VOLUME /data
EXPOSE 3978
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/healthz', timeout=4)"]
ENTRYPOINT ["python", "-m", "bot"]
CMD ["web"]
