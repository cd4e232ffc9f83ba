# Every instruction once.
ARG BASE=debian:13-slim
FROM ${BASE} AS base
MAINTAINER Ada Lovelace <ada@example.org>
LABEL org.opencontainers.image.title="everything" version=1.0
ENV LANG=C.UTF-8
ADD https://example.org/archive.tar.gz /opt/
COPY . /srv
WORKDIR /srv
SHELL ["/bin/bash", "-o", "pipefail", "-c"]
RUN make all
EXPOSE 80 443/tcp 6000-6010/udp
VOLUME /data
USER www-data:www-data
STOPSIGNAL SIGQUIT
HEALTHCHECK NONE
ONBUILD COPY . /srv
ENTRYPOINT ["/srv/run"]
CMD ["--help"]
