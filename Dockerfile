# attune in one small image: `docker build -t attune .`, data in /data, one product file mounted.
FROM python:3.13-slim AS build
WORKDIR /build
COPY requirements.lock .
RUN python -m venv /opt/attune && \
    /opt/attune/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.lock
COPY pyproject.toml README.md ./
COPY service service
COPY connectors connectors
COPY config config
RUN /opt/attune/bin/pip install --no-cache-dir --disable-pip-version-check "setuptools>=77" && \
    rm -r connectors/*/simulator service/demo/trackers service/demo/demonstration.py && \
    /opt/attune/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps --no-build-isolation .

FROM python:3.13-slim
RUN useradd --system --uid 10001 --create-home --home-dir /data attune
COPY --from=build /opt/attune /opt/attune
ENV PATH=/opt/attune/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ATTUNE_HOST=0.0.0.0 \
    ATTUNE_LOG_FORMAT=json \
    ATTUNE_PRODUCT_FILE=/config/product.yaml \
    ATTUNE_DATABASE_URL=sqlite:////data/attune.db
USER attune
WORKDIR /data
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
ENTRYPOINT ["attune"]
CMD ["serve"]
