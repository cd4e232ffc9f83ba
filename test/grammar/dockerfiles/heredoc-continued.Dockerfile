FROM alpine:3.22
RUN apk add curl \
  # then the file
  && cat <<EOF > /etc/a.json
{"a": 1}
EOF
RUN --mount=type=cache,target=/x \
<<EOF
make
EOF
RUN cat <<EOF > /etc/b.json \
  && echo done
{"b": 2}
EOF
RUN true && \
cat <<EOF > /etc/c.yml
c: 3
EOF
USER nobody
