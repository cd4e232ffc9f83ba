FROM nginx:1.29
COPY <<EOF /etc/app/config.json
{ "a": [1, 2] }
EOF
COPY --chmod=755 <<'EOF' /usr/local/bin/start
#!/bin/sh
exec "$@"
EOF
COPY <<style.css /usr/share/nginx/html/
p { color: red }
style.css
ADD <<EOF /etc/motd
Hello ${NAME:-you}
EOF
COPY <<"EOF" /etc/plain
No $variables here
EOF
CMD ["nginx"]
