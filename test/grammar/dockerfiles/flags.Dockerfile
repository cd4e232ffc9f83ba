FROM alpine:3.22
COPY --from=build --chown=1000:1000 --chmod=0644 /a /b
COPY --from=0 /a /b
COPY --from=ghcr.io/org/tool:1.2 --link=true /tool /usr/bin/
COPY --parents --exclude=*.md ./src /app
ADD --checksum=sha256:24454f830cdb571e2c4ad15481119c43b3cafd48dd869a9b2945d1036d1dc68d https://example.org/f /f
RUN --mount=type=cache,target=/root/.cache,sharing=locked --network=none make
RUN --mount=type=secret,id=token,required --mount=type=bind,from=deps,source=/x,target=/y \
    --security=insecure \
    make --jobs=4
HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f http://localhost/ || exit 1
