# Builds the environment in one stage and runs it, as nobody in particular and on a read-only root, in another.
FROM python:3.13-slim-bookworm AS build
RUN pip install --no-cache-dir "uv>=0.13,<0.14"
WORKDIR /opt/vitavault
COPY pyproject.toml uv.lock README.md LICENSE ./
ENV UV_PROJECT_ENVIRONMENT=/opt/venv UV_LINK_MODE=copy UV_COMPILE_BYTECODE=1 UV_PYTHON_DOWNLOADS=never
RUN uv sync --locked --no-dev --no-install-project --extra aws --extra vault
COPY storage ./storage
COPY retention ./retention
COPY intake ./intake
RUN uv sync --locked --no-dev --no-editable --extra aws --extra vault

FROM python:3.13-slim-bookworm
RUN apt-get update \
    && apt-get install -y --no-install-recommends tesseract-ocr tesseract-ocr-deu tesseract-ocr-fra fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin vitavault \
    && install -d -o vitavault -g vitavault -m 0700 /data /keys /forget
COPY --from=build /opt/venv /opt/venv
ENV PATH=/opt/venv/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1 \
    VITAVAULT_DATA=/data VITAVAULT_KEYS=/keys VITAVAULT_HOST=0.0.0.0
USER vitavault
VOLUME ["/data", "/keys", "/forget"]
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["vitavault"]
CMD ["serve"]
