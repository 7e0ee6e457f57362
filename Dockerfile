FROM python:3.13-slim

RUN useradd --create-home enlace && install -d -o enlace /data
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir --require-hashes -r requirements.txt
COPY . .
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

USER enlace
ENV ENLACE_HOST=0.0.0.0 ENLACE_DATA_DIR=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK CMD python -c "import urllib.request as u; u.urlopen('http://127.0.0.1:8080/health/live')"
ENTRYPOINT ["enlace"]
CMD ["run"]
