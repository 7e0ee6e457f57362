# Python 3.12 or 3.13, amd64 or arm64. No Redis inside: set ENLACE_REDIS_URL (docker-compose.yml).
ARG PYTHON=3.13

FROM python:${PYTHON}-slim AS build
WORKDIR /src
COPY requirements.txt requirements-build.txt ./
RUN python -m venv --without-pip /opt/enlace
RUN python -m pip --python /opt/enlace/bin/python install --no-cache-dir --only-binary=:all: --require-hashes -r requirements.txt
RUN python -m pip install --no-cache-dir --only-binary=:all: --require-hashes -r requirements-build.txt
COPY pyproject.toml README.md LICENSE ./
COPY bot bot
COPY handlers handlers
COPY state state
RUN python -m pip wheel --no-deps --no-build-isolation --wheel-dir dist .
RUN python -m pip --python /opt/enlace/bin/python install --no-deps --no-index dist/*.whl

FROM python:${PYTHON}-slim
COPY --from=build /opt/enlace /opt/enlace
RUN install -d -m 700 -o 10001 -g 10001 /data
ENV PATH=/opt/enlace/bin:$PATH HOME=/data ENLACE_HOST=0.0.0.0 ENLACE_DATA_DIR=/data
WORKDIR /data
USER 10001:10001
VOLUME /data
EXPOSE 8080
HEALTHCHECK --start-period=1m CMD ["python", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + os.environ.get('ENLACE_PORT', '8080') + '/health/live')"]
ENTRYPOINT ["enlace"]
CMD ["run"]
