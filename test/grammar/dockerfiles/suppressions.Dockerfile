# plimsoll ignore=root-user: the base drops privileges itself
# plimsoll ignore=latest-tag, apt-get-without-yes
# plimsoll global ignore=missing-healthcheck: no server
# hadolint ignore=DL3008,SC2086
# hadolint global ignore=DL3059
# plimsoll is a mark on a ship
FROM debian
RUN apt-get update && \
    # plimsoll ignore=apt-get-without-yes: asks nothing
    apt-get install curl
